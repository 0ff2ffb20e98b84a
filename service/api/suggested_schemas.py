"""The wire's models of suggested hashtags."""

from __future__ import annotations

from pydantic import Field

from service.api.schemas import Sentence, Wire

SUGGESTED = 10
MOST_SUGGESTED = 50


class SuggestedHashtag(Wire):
    """A hashtag that the post does not have, and why it may."""

    tag: str
    confidence: float = Field(
        description="In 0..1: how surely its category's rule holds, or the lower bound of the "
        "share of similar posts by other authors that carry it."
    )
    reason: Sentence


class SuggestedOut(Wire):
    """Hashtags for a post, the surest first; none that would be judged irrelevant."""

    hashtags: list[SuggestedHashtag]
