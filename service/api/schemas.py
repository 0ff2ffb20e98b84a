"""The wire's models: what validates a request is what the OpenAPI document shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from rules.verdicts.codes import Code
from service.api.base64_bytes import Base64
from service.api.kinds import WHOLE, Moment
from service.lexicon.changes import LONGEST

MOST_IMAGES = 10
MOST_VIDEOS = 4
MOST_HASHTAGS = 60
BIGGEST = 2**63 - 1
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before any platform
LATEST_AHEAD = timedelta(days=1)  # clocks differ, and some platforms send local time as UTC


def no_nul(text: str) -> str:
    """The text, which PostgreSQL can hold."""
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(no_nul)]
Hashtag = Annotated[str, Field(max_length=LONGEST), AfterValidator(no_nul)]
Url = Annotated[str, Field(max_length=4000), AfterValidator(no_nul)]
Caption = Annotated[str, Field(max_length=10_000), AfterValidator(no_nul)]


def _is_path(text: str) -> str:
    """Ids are read and deleted by an address, in which some names mean something else."""
    if {"", ".", ".."} & set(text.split("/")):
        raise ValueError("must not begin or end with '/', nor contain '//', '.' or '..' as a part")
    for end in ("/similar", "/hashtags/suggested"):
        if text.endswith(end):
            raise ValueError(f"must not end with {end!r}, where another post is asked about")
    if any(category(letter) == "Cc" for letter in text):
        raise ValueError("must not contain control characters")
    return text


def _is_near(moment: datetime) -> datetime:
    latest = datetime.now(UTC) + LATEST_AHEAD
    if not EARLIEST <= moment <= latest:
        raise ValueError(f"must be from {EARLIEST:%Y-%m-%d} to a day from now")
    return moment.astimezone(UTC)


State = Literal["pending", "decided", "superseded", "deleted"]
Decision = Literal["pass", "flag", "review"]
Decider = Literal["model", "moderator", "appeal"]
Id = Annotated[Name, AfterValidator(_is_path)]
PostedAt = Annotated[Moment, AfterValidator(_is_near)]
Revision = Annotated[int, Field(ge=1, le=BIGGEST), WHOLE]
Reach = Annotated[int, Field(ge=0, le=BIGGEST), WHOLE]


class Wire(BaseModel):
    """Fields we do not know are ignored, so that a platform may send more than we read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Author(Wire):
    """Who wrote the post."""

    id: Name


class Metrics(Wire):
    """What the platform knows of the post's weight."""

    reach: Reach = Field(0, description="People who saw it, or may see it.")


def one_of(schema: dict[str, Any]) -> None:
    """Tell a model of which exactly one field is to be given as that, and not as fields of which
    each may be null."""
    fields = {
        name: {k: v for k, v in value.items() if k != "anyOf"} | value["anyOf"][0]
        for name, value in schema.pop("properties").items()
    }
    schema["oneOf"] = [
        {"type": "object", "required": [name], "properties": {name: field}}
        for name, field in fields.items()
    ]


class ImageSource(Wire):
    """Where one photograph comes from: exactly one of the four."""

    model_config = ConfigDict(json_schema_extra=one_of)

    url: Url | None = Field(None, description="An http or https URL on the public internet.")
    base64: Base64 | None = Field(None, description="The file's bytes in base64.")
    part: Name | None = Field(None, description="The name of a part of a multipart request.")
    upload: Name | None = Field(None, description="The key of an upload.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        sources = (self.url, self.base64, self.part, self.upload)
        if sum(value is not None for value in sources) != 1:
            raise ValueError("needs exactly one of url, base64, part and upload")
        return self


class VideoSource(Wire):
    """Where one video comes from: exactly one of the three."""

    model_config = ConfigDict(json_schema_extra=one_of)

    url: Url | None = Field(None, description="An http or https URL on the public internet.")
    part: Name | None = Field(None, description="The name of a part of a multipart request.")
    upload: Name | None = Field(None, description="The key of an upload.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(value is not None for value in (self.url, self.part, self.upload)) != 1:
            raise ValueError("needs exactly one of url, part and upload")
        return self


class PostIn(Wire):
    """A post as the platform sends it."""

    id: Id = Field(description="The platform's id of the post.")
    revision: Revision = Field(1, description="Grows with each edit of the post.")
    author: Author
    caption: Caption = ""
    hashtags: list[Hashtag] = Field(max_length=MOST_HASHTAGS)
    created_at: PostedAt = Field(
        description="RFC 3339, with its time zone; from 2000-01-01 to a day from now."
    )
    videos: list[VideoSource] = Field([], max_length=MOST_VIDEOS)
    images: list[ImageSource] = Field(
        [],
        max_length=MOST_IMAGES,
        validate_default=True,
        description="At least one, unless there are videos.",
    )
    metrics: Metrics = Metrics()

    @field_validator("images")
    @classmethod
    def _shows_something(cls, images: list[ImageSource], sent: ValidationInfo) -> list[ImageSource]:
        if not images and not sent.data.get("videos"):
            raise ValueError("needs at least one image or video")
        return images


class Accepted(Wire):
    """The answer to a post that was taken in."""

    id: str
    revision: int
    state: State
    status_url: str


class Sentence(Wire):
    """One plain sentence in both languages."""

    en: str
    ko: str


class ReasonOut(Sentence):
    """Why a hashtag has its verdict."""

    code: Code | None = Field(
        None, description="The same for programs; missing in verdicts of before there were codes."
    )


class HashtagOut(Wire):
    """One hashtag and its verdict."""

    tag: str
    verdict: Literal["relevant", "irrelevant", "uncertain", "unverifiable"]
    model_verdict: str = Field(description="What the rules said, whatever a person answered later.")
    category: str | None
    resolved_by: str
    confidence: float = Field(
        description="How certain the hashtag's meaning is, in 0..1: a fixed number for each "
        "resolved_by. It says nothing of the photographs or of the verdict."
    )
    reason: ReasonOut
    trace: dict[str, Any]


class LabelOut(Wire):
    """A label's calibrated score, and its fact: true, false, or null for unknown."""

    score: float
    fact: bool | None


class ImageProblem(Wire):
    """Why a photograph could not be had or read."""

    code: str
    message: str


class ImageOut(Wire):
    """One photograph and what was seen in it."""

    index: int
    sha256: str | None
    labels: dict[str, LabelOut]
    error: ImageProblem | None


class FrameOut(Wire):
    """A frame of a video that was looked at, ``time`` seconds from its beginning."""

    time: float
    labels: dict[str, LabelOut]


class VideoOut(Wire):
    """One video, its frames that were looked at, and what was seen in each alone."""

    index: int
    sha256: str | None
    seconds: float | None
    frames: list[FrameOut]
    error: ImageProblem | None


class ErasedOut(Wire):
    """How much of a deleted post was erased: photographs and frames of videos, videos, and other
    rows of the database."""

    revisions: int
    photographs: int
    videos: int = 0
    verdicts: int
    reviews: int
    callbacks: int
    uploads: int


class ErasureOut(Wire):
    """The receipt of a deletion. ``erased_at`` is when the last byte went; null: ``files_left``
    files are still to be erased, which is tried until they are gone."""

    requested_at: datetime
    erased_at: datetime | None
    files_left: int
    erased: ErasedOut


class DeletedOut(Wire):
    """The answer to a deletion."""

    id: str
    state: Literal["deleted"]
    erasure: ErasureOut


class SimilarPost(Wire):
    """A post that looks like another. ``likeness`` is the cosine of their likest photographs;
    ``same``: near enough to be the same picture, changed."""

    id: str
    revision: int
    likeness: float
    same: bool


class PostOut(Wire):
    """A post and what was decided. ``erasure``: the receipt, once the post was deleted."""

    id: str
    revision: int
    state: State
    decision: Decision | None
    decided_by: Decider | None
    decided_at: datetime | None
    reason: Sentence | None
    hashtags: list[HashtagOut]
    images: list[ImageOut]
    videos: list[VideoOut] = []
    bundle: str | None
    ruleset: str | None
    similar: list[SimilarPost]
    erasure: ErasureOut | None = None


class ListedPost(Wire):
    """One post of a list, without its verdicts. Of a deleted post the author is not known."""

    id: str
    revision: int
    author: Author | None
    created_at: datetime
    received_at: datetime
    state: State
    decision: Decision | None
    decided_by: Decider | None
    decided_at: datetime | None


class PostList(Wire):
    """One page of posts, the last received first. No ``next_cursor``: the last page."""

    posts: list[ListedPost]
    next_cursor: str | None


class FeedItem(Wire):
    """One post of a hashtag's feed."""

    id: str
    revision: int
    author: Author
    created_at: datetime
    decision: Decision
    verdict: str


class Feed(Wire):
    """One page of a hashtag's feed, the newest first. No ``next_cursor``: the last page."""

    hashtag: str
    verdict: str
    posts: list[FeedItem]
    next_cursor: str | None


SEQUENCE = (
    "Grows with each callback about the same post, over its revisions too; the same when a "
    "callback comes again. What it skips means nothing."
)


class Callback(Wire):
    """The body of a callback."""

    type: Literal["post.decided"]
    timestamp: datetime
    sequence: int = Field(description=SEQUENCE)
    data: PostOut


class FieldProblem(Wire):
    """One broken rule; ``pointer`` is a JSON pointer (RFC 6901)."""

    pointer: str
    rule: str
    detail: str


class ProblemOut(Wire):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    errors: list[FieldProblem] = []
