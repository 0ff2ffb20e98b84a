"""The wire's models of thumbnails."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from service.api.base64_bytes import Base64
from service.api.kinds import WHOLE
from service.api.schemas import SEQUENCE, ImageProblem, Name, Sentence, Url, Wire, one_of
from service.thumbnails.ask import MOST, USUAL
from service.thumbnails.extras import Extra
from service.thumbnails.make import MOST_PICTURES


class FilmSource(Wire):
    """Where the video comes from: exactly one of both."""

    model_config = ConfigDict(json_schema_extra=one_of)

    url: Url | None = Field(None, description="An http or https URL on the public internet.")
    upload: Name | None = Field(None, description="The key of an upload.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.url is None) == (self.upload is None):
            raise ValueError("needs exactly one of url and upload")
        return self


class PictureSource(Wire):
    """Where a picture comes from: exactly one of the three."""

    model_config = ConfigDict(json_schema_extra=one_of)

    url: Url | None = Field(None, description="An http or https URL on the public internet.")
    base64: Base64 | None = Field(None, description="The file's bytes in base64.")
    upload: Name | None = Field(None, description="The key of an upload.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(value is not None for value in (self.url, self.base64, self.upload)) != 1:
            raise ValueError("needs exactly one of url, base64 and upload")
        return self


def _is_given(value: Any, name: str) -> bool:
    return isinstance(value, dict) and value.get(name) is not None


class OneStyle(Wire):
    """A style that is named; not two of them."""

    @model_validator(mode="before")
    @classmethod
    def _not_both(cls, value: Any) -> Any:
        if _is_given(value, "channel") and _is_given(value, "category"):
            raise ValueError("needs exactly one of channel and category")
        return value


class ChannelStyle(OneStyle):
    """The style of what an author posted: the newest photographs that were looked at."""

    channel: Name = Field(description="The platform's id of the author.")


class CategoryStyle(OneStyle):
    """The style of posts with a relevant hashtag of a category."""

    category: Name


Pictures = Annotated[list[PictureSource], Field(min_length=1, max_length=MOST_PICTURES)]


def _style(value: Any) -> str:
    if isinstance(value, list):
        return "pictures"
    return "category" if _is_given(value, "category") else "channel"


STYLES = ("pictures", "channel", "category")  # tags that stand in the places of errors
Style = Annotated[
    Annotated[Pictures, Tag("pictures")]
    | Annotated[ChannelStyle, Tag("channel")]
    | Annotated[CategoryStyle, Tag("category")],
    Discriminator(_style),
]


class ThumbnailsIn(Wire):
    """What thumbnails are chosen from, and in whose style."""

    video: FilmSource | None = None
    images: Pictures | None = Field(None, description="Candidates, instead of a video.")
    references: Style | None = Field(
        None, description="Like which they are to be: pictures, a channel or a category."
    )
    k: Annotated[int, Field(ge=1, le=MOST), WHOLE] = Field(USUAL, description="How many, at most.")
    extras: list[Extra] = Field(
        default=[],
        max_length=2,
        description="Further scores of each chosen frame, where this service offers them.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.video is None) == (self.images is None):
            raise ValueError("needs exactly one of video and images")
        if len(set(self.extras)) < len(self.extras):
            raise ValueError("names an extra twice")
        return self


class ThumbnailsAccepted(Wire):
    """The answer to a request that was taken in."""

    id: str
    status_url: str


class LatentOut(Wire):
    """By an autoencoder; it does not move which frames are chosen."""

    distance: float = Field(
        description="Mean Euclidean distance of latent vectors to the nearest five references; "
        "less is closer."
    )


class OwnEffect(Wire):
    """What the picture adds to R², with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


class EngagementOut(Wire):
    """A guess from the picture alone; it does not move which frames are chosen."""

    target: Literal["views", "subscribers"]
    factor: float = Field(
        description="By how much the target is multiplied beyond what channel and age say."
    )
    above: float = Field(
        description="0..1: share of the thumbnails it was learned from with a lower guess."
    )
    found: bool = Field(description="Whether an effect of the picture's own was found at all.")
    own_effect: OwnEffect
    note: Sentence


class ThumbnailOut(Wire):
    """A chosen frame. ``url`` is its JPEG, to be asked for with the key."""

    time: float | None = Field(description="Seconds from the video's beginning; of a picture null.")
    index: int | None = Field(description="A picture's place in `images`; of a frame null.")
    score: float = Field(description="0..1, of quality and closeness.")
    quality: float
    closeness: float = Field(
        description="Mean cosine to the nearest five references; without references, to the other "
        "candidates."
    )
    width: int
    height: int
    focus: list[float] = Field(
        description="The middle of what was seen in it: across and down, in 0..1."
    )
    reason: Sentence
    latent: LatentOut | None = Field(None, description="Null where it was not asked for.")
    engagement: EngagementOut | None = Field(None, description="Likewise.")
    url: str


class UnreadOut(Wire):
    """A picture that was sent and could not be had or read: ``pointer`` into the request."""

    pointer: str
    error: ImageProblem


class ThumbnailsOut(Wire):
    """A request and what came of it, the best frame first."""

    id: str
    state: Literal["pending", "done", "failed"]
    frames: list[ThumbnailOut]
    unread: list[UnreadOut]
    error: ImageProblem | None
    expires_at: datetime


class ThumbnailsDone(Wire):
    """The body of the callback about a request whose frames were chosen."""

    type: Literal["thumbnails.done"]
    timestamp: datetime
    sequence: int = Field(description=SEQUENCE)
    data: ThumbnailsOut


class ThumbnailsFailed(Wire):
    """The body of the callback about a request of which nothing could be chosen."""

    type: Literal["thumbnails.failed"]
    timestamp: datetime
    sequence: int = Field(description=SEQUENCE)
    data: ThumbnailsOut
