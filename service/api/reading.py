"""A request's body as a validated post or appeal, or a problem that names each field."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Request
from pydantic import TypeAdapter, ValidationError

from service.api.appeals_schemas import AppealIn
from service.api.items_schemas import InteractionIn, Interactions, ItemIn
from service.api.schemas import ImageSource, PostIn, VideoSource
from service.api.similar_schemas import SimilarIn
from service.api.uploads_schemas import UploadIn
from service.posts.accept import NewImage, NewVideo
from service.problems import FieldError, Problem

PART = "post"
_INTERACTIONS: TypeAdapter[list[InteractionIn]] = TypeAdapter(Interactions)


@dataclass(frozen=True)
class Sent:
    """A post as it was sent, with the files that came with it."""

    post: PostIn
    images: list[NewImage]
    videos: list[NewVideo]


def read_post(request: Request, body: bytes, most_videos: int) -> Sent:
    """Read JSON, or multipart with the JSON in a part named ``post``.

    Raises:
        Problem: 415 for another content type, 422 for a body that breaks a rule.
    """
    kind = request.mimetype
    if kind == "application/json":
        post = _validate(body)
    elif kind == "multipart/form-data":
        post = _validate(_post_part(request))
    else:
        raise _unsupported("application/json or multipart/form-data", kind)
    if len(post.videos) > most_videos:
        detail = f"has {len(post.videos)} videos; at most {most_videos} are taken"
        raise invalid_post([FieldError("/videos", "too_long", detail)])
    images = [_image(request, index, source) for index, source in enumerate(post.images)]
    videos = [_video(request, index, source) for index, source in enumerate(post.videos)]
    return Sent(post, images, videos)


def read_appeal(request: Request) -> AppealIn:
    """Read an appeal, which is JSON.

    Raises:
        Problem: 415 for another content type, 422 for a body that breaks a rule.
    """
    if request.mimetype != "application/json":
        raise _unsupported("application/json", request.mimetype)
    try:
        return AppealIn.model_validate_json(request.get_data())
    except ValidationError as error:
        raise invalid_appeal(_broken(error)) from None


def read_similar(request: Request) -> SimilarIn:
    """Read what to search for, which is JSON.

    Raises:
        Problem: 415 for another content type, 422 for a body that breaks a rule.
    """
    if request.mimetype != "application/json":
        raise _unsupported("application/json", request.mimetype)
    try:
        return SimilarIn.model_validate_json(request.get_data())
    except ValidationError as error:
        broken = _broken(error)
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-search", _nothing_stored(broken), broken
        ) from None


def read_upload(request: Request) -> UploadIn:
    """Read what is about to be uploaded, which is JSON.

    Raises:
        Problem: 415 for another content type, 422 for a body that breaks a rule.
    """
    if request.mimetype != "application/json":
        raise _unsupported("application/json", request.mimetype)
    try:
        return UploadIn.model_validate_json(request.get_data())
    except ValidationError as error:
        raise invalid_upload(_broken(error)) from None


def read_item(request: Request) -> ItemIn:
    """Read an item, which is JSON.

    Raises:
        Problem: 415 for another content type, 422 for a body that breaks a rule.
    """
    if request.mimetype != "application/json":
        raise _unsupported("application/json", request.mimetype)
    try:
        return ItemIn.model_validate_json(request.get_data())
    except ValidationError as error:
        raise invalid("item", _broken(error)) from None


def read_interactions(request: Request) -> list[InteractionIn]:
    """Read one interaction or a list of them, which is JSON.

    Raises:
        Problem: 415 for another content type, 422 for a body that breaks a rule.
    """
    if request.mimetype != "application/json":
        raise _unsupported("application/json", request.mimetype)
    body = request.get_data()
    try:
        if body.lstrip()[:1] == b"[":
            return _INTERACTIONS.validate_json(body)
        return [InteractionIn.model_validate_json(body)]
    except ValidationError as error:
        raise invalid("interaction", _broken(error)) from None


def invalid(what: str, errors: list[FieldError]) -> Problem:
    """The problem of an item or an interaction that breaks rules."""
    told = _nothing_stored(errors)
    if what == "item":
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-item", told, errors)
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-interaction", told, errors)


def invalid_post(errors: list[FieldError]) -> Problem:
    """The problem of a post that breaks rules."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-post", _nothing_stored(errors), errors)


def invalid_upload(errors: list[FieldError]) -> Problem:
    """The problem of an upload that breaks rules."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-upload", _nothing_stored(errors), errors
    )


def invalid_appeal(errors: list[FieldError]) -> Problem:
    """The problem of an appeal that breaks rules."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-appeal", _nothing_stored(errors), errors
    )


def _validate(text: bytes) -> PostIn:
    try:
        return PostIn.model_validate_json(text)
    except ValidationError as error:
        raise invalid_post(_broken(error)) from None


def _broken(error: ValidationError) -> list[FieldError]:
    return [
        FieldError(_pointer(problem["loc"]), problem["type"], problem["msg"])
        for problem in error.errors(include_url=False, include_input=False)
    ]


def _post_part(request: Request) -> bytes:
    if PART in request.form:
        return request.form[PART].encode()
    if PART in request.files:
        return bytes(request.files[PART].read())
    raise invalid_post([FieldError("", "missing", f"The multipart body has no part {PART!r}.")])


def _image(request: Request, index: int, source: ImageSource) -> NewImage:
    if source.part is None:
        return NewImage(url=source.url, data=source.base64, upload=source.upload)
    return NewImage(url=None, data=_part(request, source.part, f"/images/{index}/part"))


def _video(request: Request, index: int, source: VideoSource) -> NewVideo:
    if source.part is None:
        return NewVideo(url=source.url, data=None, upload=source.upload)
    return NewVideo(url=None, data=_part(request, source.part, f"/videos/{index}/part"))


def _part(request: Request, name: str, pointer: str) -> bytes:
    file = request.files.get(name)
    if file is None:
        detail = f"The multipart body has no file in a part {name!r}."
        raise invalid_post([FieldError(pointer, "missing_part", detail)])
    return bytes(file.read())


def _nothing_stored(errors: list[FieldError]) -> str:
    count = "1 rule is" if len(errors) == 1 else f"{len(errors)} rules are"
    return f"{count} broken; `errors` names each field. Nothing was stored."


def _unsupported(wanted: str, kind: str) -> Problem:
    return Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        f"Send {wanted}, not {kind or 'nothing'}.",
    )


def _pointer(location: tuple[Any, ...]) -> str:
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in escaped)
