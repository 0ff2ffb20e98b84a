"""The wire's models of appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from service.api.schemas import (
    MOST_HASHTAGS,
    SEQUENCE,
    Hashtag,
    Id,
    PostOut,
    Revision,
    Wire,
    no_nul,
)


class AppealIn(Wire):
    """An author's appeal as the platform sends it."""

    id: Id = Field(description="The platform's id of the appeal.")
    text: Annotated[str, Field(min_length=1, max_length=5000), AfterValidator(no_nul)] = Field(
        description="What the author writes."
    )
    hashtags: list[Hashtag] = Field(
        [], max_length=MOST_HASHTAGS, description="Those the author objects to; none: all."
    )
    revision: Revision | None = Field(
        None, description="Of the post; the newest where it is left out."
    )


class AppealOut(Wire):
    """An appeal and how it stands.

    Upheld: the decision stands. Overturned: a verdict on one of ``hashtags`` (none: of the post's)
    is another now. Withdrawn: the post was replaced or deleted before anybody looked.
    """

    id: str
    post: str
    revision: int
    state: Literal["open", "upheld", "overturned", "withdrawn"]
    hashtags: list[str]
    received_at: datetime
    decided_at: datetime | None


class AppealReceived(AppealOut):
    """The answer to an appeal that was taken in."""

    status_url: str


class AppealedPost(PostOut):
    """A post and the appeal that was decided on."""

    appeal: AppealOut


class AppealCallback(Wire):
    """The body of the callback about an appeal."""

    type: Literal["appeal.decided"]
    timestamp: datetime
    sequence: int = Field(description=SEQUENCE)
    data: AppealedPost
