"""The wire's models of items, interactions and recommendations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from service.api.kinds import WHOLE, Number
from service.api.schemas import (
    MOST_IMAGES,
    Id,
    ImageProblem,
    ImageSource,
    Name,
    PostedAt,
    Sentence,
    Wire,
    no_nul,
)

MOST_TAGS = 60
MOST_EVENTS = 1000
LONGEST_SECONDS = 7 * 24 * 3600.0
A_LIST = 20
MOST_A_LIST = 100

Title = Annotated[str, Field(max_length=500), AfterValidator(no_nul)]
Words = Annotated[str, Field(max_length=20_000), AfterValidator(no_nul)]
Link = Annotated[str, Field(max_length=4000), AfterValidator(no_nul)]
Year = Annotated[int, Field(ge=1, le=9999), WHOLE]
Tag = Annotated[str, Field(max_length=200), AfterValidator(no_nul)]


class ItemIn(Wire):
    """Something that can be recommended. The same id again replaces it."""

    id: Id = Field(description="The platform's id of the item.")
    title: Title = ""
    text: Words = ""
    images: list[ImageSource] = Field([], max_length=MOST_IMAGES)
    tags: list[Tag] = Field([], max_length=MOST_TAGS)
    link: Link = ""
    year: Year | None = Field(None, description="When it was made, where that says something.")
    language: Literal["ko", "en", ""] | None = Field(
        None, description="Empty: for everybody. Left out: its letters tell it."
    )

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if not (self.title.strip() or self.text.strip() or self.images):
            raise ValueError("needs a title, a text or an image")
        if any(image.part is not None for image in self.images):
            raise ValueError("takes images as url, base64 or upload; the body is JSON")
        return self


class ItemAccepted(Wire):
    """The answer to an item that was taken in. ``ready``: nothing is left to be looked at."""

    id: str
    state: Literal["pending", "ready"]


class ItemImageOut(Wire):
    """One picture of an item, and why it could not be had or read."""

    index: int
    error: ImageProblem | None


class ItemOut(ItemAccepted):
    """An item and how its pictures fared."""

    title: str
    text: str
    tags: list[str]
    link: str
    year: int | None
    language: Literal["ko", "en", ""]
    images: list[ItemImageOut]


class Who(Wire):
    """A person of the platform."""

    id: Name


class Which(Wire):
    """An item or a post."""

    id: Name


class InteractionIn(Wire):
    """A person did something with an item, or with a post."""

    id: Name = Field(description="The platform's id of the interaction; each counts once.")
    user: Who
    item: Which | None = None
    post: Which | None = None
    kind: Literal["view", "like", "save", "dislike"]
    value: Number | None = Field(
        None, ge=0, le=LONGEST_SECONDS, description="How long it was watched, in seconds."
    )
    at: PostedAt = Field(
        description="RFC 3339, with its time zone; from 2000-01-01 to a day from now."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.item is None) == (self.post is None):
            raise ValueError("needs exactly one of item and post")
        return self


Interactions = Annotated[list[InteractionIn], Field(min_length=1, max_length=MOST_EVENTS)]


class InteractionsAccepted(Wire):
    """How many interactions were taken, and of how many the item is known. Of the others nothing
    is kept."""

    accepted: int
    known: int


class RecommendedItem(Wire):
    """One recommended item. ``score`` is from 0 to 1, and 0 where something else is tried."""

    id: str
    kind: Literal["item", "post"]
    score: float
    reason: Sentence


class RecommendedOut(Wire):
    """What is recommended, the best first. ``model`` names what chose it."""

    items: list[RecommendedItem]
    model: str


class ErasedOfUser(Wire):
    """How many events of a person were erased, and about how many items they told an opinion."""

    interactions: int
    opinions: int


class UserReceipt(Wire):
    """What went with the last deletion of a person, and when."""

    id: str
    deleted_at: datetime
    erased: ErasedOfUser
