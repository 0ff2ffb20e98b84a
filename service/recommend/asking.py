"""A question for recommendations as the service's settings have it, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime

from service.items.content import made_by
from service.parts import Parts
from service.recommend.explore import Draw
from service.recommend.recommend import RecommendationRequest


def asked(parts: Parts, viewer: str, k: int, language: str | None = None) -> RecommendationRequest:
    """The question of this moment, for ``k`` items to be recommended to a person."""
    key = parts.config.secret_key.get_secret_value().encode()
    draw = Draw(key, viewer, datetime.now(UTC).date())
    maker = made_by(parts)
    return RecommendationRequest(viewer, k, maker, draw, parts.config.explore_share, language)
