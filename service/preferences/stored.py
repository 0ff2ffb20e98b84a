"""Preferences in the database, and what a person saw today."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.audit import record
from service.preferences.preferences import Preferences
from service.tables import Review, User


def save(session: Session, user_id: int, preferences: Preferences) -> None:
    """Keep somebody's preferences. The audit log tells which changed, not to what."""
    user = session.get_one(User, user_id)
    before, after = Preferences.read(user.preferences).model_dump(), preferences.model_dump()
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        user.preferences = preferences.model_dump(mode="json")
        record(session, user.name, "account.preferences", f"user:{user.name}", {"changed": changed})


def seen_today(session: Session, user_id: int, preferences: Preferences) -> int:
    """How many posts somebody answered since midnight where they are."""
    midnight = datetime.now(preferences.day).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(
        Review.user_id == user_id, Review.created_at >= midnight.astimezone(UTC)
    )
    return session.scalar(query) or 0
