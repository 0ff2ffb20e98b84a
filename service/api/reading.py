"""A request's body as a validated post or appeal, or a problem that names each field."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Request
from pydantic import ValidationError

from service.api.schemas import AppealIn, ImageSource, PostIn
from service.api.similar_schemas import SimilarIn
from service.api.uploads_schemas import UploadIn
from service.posts.accept import NewImage
from service.problems import FieldError, Problem

PART = "post"


def read_post(request: Request, body: bytes) -> tuple[PostIn, list[NewImage]]:
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
    images = [_image(request, index, source) for index, source in enumerate(post.images)]
    return post, images


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
    file = request.files.get(source.part)
    if file is None:
        detail = f"The multipart body has no file in a part {source.part!r}."
        raise invalid_post([FieldError(f"/images/{index}/part", "missing_part", detail)])
    return NewImage(url=None, data=file.read())


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
