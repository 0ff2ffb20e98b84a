from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from service.accounts import create
from service.parts import Parts
from service.preferences import Preferences, save, seen_today
from service.tables import AuditEntry, Review, User
from tests.service.console.rows import add_post


def test_a_change_is_kept_and_the_log_tells_what_was_changed_but_not_to_what(
    parts: Parts,
) -> None:
    with parts.sessions.begin() as session:
        user, _ = create(session, "mina")
        save(session, user.id, Preferences(blurred=True))
    with parts.sessions() as session:
        stored = session.scalars(select(User)).one().preferences
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert Preferences.read(stored).blurred
    assert entry is not None
    assert (entry.action, entry.details) == ("account.preferences", {"changed": ["blurred"]})


def test_saving_what_is_there_already_is_no_change(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        user, _ = create(session, "mina")
        save(session, user.id, Preferences())
    with parts.sessions() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions == ["account.created"]


def test_only_what_the_person_answered_since_midnight_counts(parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    now = datetime.now(UTC)
    with parts.sessions.begin() as session:
        mina, jun = (create(session, name)[0].id for name in ("mina", "jun"))
        for who, at in ((mina, now), (mina, now), (mina, now - timedelta(days=2)), (jun, now)):
            session.add(Review(post_id=row, user_id=who, answers={}, created_at=at))
    with parts.sessions() as session:
        assert seen_today(session, mina, Preferences()) == 2
