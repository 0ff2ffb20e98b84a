"""Read a post as it was sent: JSON, or multipart with files."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Request

from service.api.json_body import invalid, unsupported, validate
from service.api.schemas import ImageSource, PostIn, VideoSource
from service.posts.accept import NewImage, NewVideo
from service.problems import FieldError

PART = "post"


@dataclass(frozen=True)
class SentPost:
    """A post as it was sent, with the files that came with it."""

    post: PostIn
    images: list[NewImage]
    videos: list[NewVideo]


def read_post(request: Request, body: bytes, most_videos: int) -> SentPost:
    """Read JSON, or multipart with the JSON in a part named ``post``.

    Raises:
        Problem: 415 for another content type, 422 for a body that breaks a rule.
    """
    kind = request.mimetype
    if kind == "application/json":
        text = body
    elif kind == "multipart/form-data":
        text = _post_part(request)
    else:
        raise unsupported("application/json or multipart/form-data", kind)
    post = validate(text, PostIn, "invalid-post")
    if len(post.videos) > most_videos:
        detail = f"has {len(post.videos)} videos; at most {most_videos} are taken"
        raise invalid("invalid-post", [FieldError("/videos", "too_long", detail)])
    images = [_image(request, index, source) for index, source in enumerate(post.images)]
    videos = [_video(request, index, source) for index, source in enumerate(post.videos)]
    return SentPost(post, images, videos)


def _post_part(request: Request) -> bytes:
    if PART in request.form:
        return request.form[PART].encode()
    if PART in request.files:
        return bytes(request.files[PART].read())
    raise invalid(
        "invalid-post", [FieldError("", "missing", f"The multipart body has no part {PART!r}.")]
    )


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
        raise invalid("invalid-post", [FieldError(pointer, "missing_part", detail)])
    file.seek(0)  # another photograph of the post may be of the same part
    return bytes(file.read())
