"""Forget what people did longer ago than it is kept; asked by the sweep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from service.parts import Parts
from service.recommend.forget import forget_old

MOST = 20  # people in one turn; the next one goes on


def forget_what_is_old(parts: Parts) -> None:
    """One turn, a transaction for each person."""
    before = datetime.now(UTC) - timedelta(days=parts.config.keep_interaction_days)
    people = 0
    for _ in range(MOST):
        with parts.sessions.begin() as session:
            done = forget_old(session, before)
        people += done
        if not done:
            break
    if people:
        structlog.get_logger().info("tidied", what="interactions", people=people)
