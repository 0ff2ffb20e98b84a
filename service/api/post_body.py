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
    texts, files = request.form.getlist(PART), request.files.getlist(PART)
    _check_once(len(texts) + len(files), PART, "")
    if texts:
        return texts[0].encode()
    if files:
        return bytes(files[0].read())
    raise invalid(
        "invalid-post", [FieldError("", "missing", f"The multipart body has no part {PART!r}.")]
    )


def _check_once(count: int, name: str, pointer: str) -> None:
    """Of two parts with one name nobody can say which is meant."""
    if count > 1:
        detail = f"The multipart body has {count} parts {name!r}; send one."
        raise invalid("invalid-post", [FieldError(pointer, "repeated_part", detail)])


def _image(request: Request, index: int, source: ImageSource) -> NewImage:
    if source.part is None:
        return NewImage(url=source.url, data=source.base64, upload=source.upload)
    return NewImage(url=None, data=_part(request, source.part, f"/images/{index}/part"))


def _video(request: Request, index: int, source: VideoSource) -> NewVideo:
    if source.part is None:
        return NewVideo(url=source.url, data=None, upload=source.upload)
    return NewVideo(url=None, data=_part(request, source.part, f"/videos/{index}/part"))


def _part(request: Request, name: str, pointer: str) -> bytes:
    files = request.files.getlist(name)
    _check_once(len(files), name, pointer)
    if not files:
        detail = f"The multipart body has no file in a part {name!r}."
        raise invalid("invalid-post", [FieldError(pointer, "missing_part", detail)])
    files[0].seek(0)  # another photograph of the post may be of the same part
    return bytes(files[0].read())
