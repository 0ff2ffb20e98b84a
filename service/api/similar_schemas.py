"""The wire's models of searches by likeness."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from service.api.kinds import WHOLE, Moment, Number
from service.api.schemas import Decision, ImageSource, Name, SimilarPost, Wire, no_nul
from service.likeness.filters import Filters

A_PAGE = 10
MOST_A_PAGE = 100
MOST_NUMBERS = 16_384  # of an embedding; the network's own number is asked for later

HowMany = Annotated[int, Field(ge=1, le=MOST_A_PAGE), WHOLE]
Cursor = Annotated[str, Field(max_length=200), AfterValidator(no_nul)]


class SimilarIn(Wire):
    """What to search for: a photograph, or an embedding and the network that made it."""

    image: ImageSource | None = Field(
        None, description="With `url`, `base64` or `upload`; what was seen is not stored."
    )
    embedding: list[Number] | None = Field(None, max_length=MOST_NUMBERS)
    made_by: Name | None = Field(None, description="As the answer to a photograph names it.")
    k: HowMany = A_PAGE
    min: Number = Field(0, ge=0, le=1, description="The least likeness, a cosine.")
    decision: Decision | None = None
    author: Name | None = None
    hashtag: Name | None = None
    category: Name | None = None
    since: Moment | None = None
    cursor: Cursor | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.image is None) == (self.embedding is None):
            raise ValueError("needs exactly one of image and embedding")
        if self.image is not None and self.image.part is not None:
            raise ValueError(
                "takes the image as url, base64 or upload; the body is JSON and has no parts"
            )
        if self.embedding is not None and self.made_by is None:
            raise ValueError("needs made_by beside embedding")
        return self

    @property
    def filters(self) -> Filters:
        """The conditions of the search."""
        return Filters(self.decision, self.author, self.hashtag, self.category, self.since)


class SimilarOut(Wire):
    """One page, the likest first. ``made_by`` names the network whose embeddings are compared."""

    posts: list[SimilarPost]
    next_cursor: str | None
    made_by: str
