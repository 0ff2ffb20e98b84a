from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from service.audit import record
from service.audit.chain import NOTHING, link
from service.parts import Parts
from service.tables import AuditEntry
from tests.service.audit.conftest import Walk, Write


def test_entries_are_bound_to_each_other_when_their_transaction_commits(write: Write) -> None:
    write("post:p-1")
    first, second, third = write("post:p-2", "post:p-3")
    assert [first.position, second.position, third.position] == [1, 2, 3]
    assert first.hash == link(1, first.id, NOTHING, first.digest)
    assert first.hash
    assert second.hash == link(2, second.id, first.hash, second.digest)


def test_an_entry_goes_with_the_transaction_that_was_rolled_back(
    write: Write, parts: Parts
) -> None:
    write("post:p-1")
    with parts.sessions() as session:
        record(session, "mina", "post.settled", "post:p-2", {})
        session.flush()
        session.rollback()
    with parts.sessions.begin() as session:
        with session.begin_nested() as part:
            record(session, "mina", "post.settled", "post:p-3", {})
            session.flush()
            part.rollback()
        record(session, "mina", "post.settled", "post:p-4", {})
    entries = write("post:p-5")
    assert [(entry.position, entry.subject) for entry in entries] == [
        (1, "post:p-1"),
        (2, "post:p-4"),
        (3, "post:p-5"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEntry).values(actor="somebody else"),
        update(AuditEntry).values(hash=None, position=None),
        delete(AuditEntry),
        text("TRUNCATE audit_log"),
    ],
    ids=["update", "unbind", "delete", "truncate"],
)
def test_the_database_refuses_to_change_an_entry(write: Write, parts: Parts, change: Any) -> None:
    before = write("post:p-1")[0]
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        parts.sessions.begin() as session,
    ):
        session.execute(change)
    assert (
        vars(write()[0]).items()
        >= {name: getattr(before, name) for name in ("actor", "position", "hash", "digest")}.items()
    )


def test_an_entry_cannot_come_with_a_place_of_its_own(write: Write, parts: Parts) -> None:
    write("post:p-1")
    with pytest.raises(DBAPIError, match="append-only"), parts.sessions.begin() as session:
        record(session, "mina", "post.settled", "post:p-2", {}).position = 7


def test_those_who_write_at_once_never_fork_the_chain(parts: Parts, walk: Walk) -> None:
    def settle(number: int) -> None:
        with parts.sessions.begin() as session:
            record(session, f"moderator-{number}", "post.settled", f"post:p-{number}", {})
            session.flush()
            session.execute(text("SELECT pg_sleep(0.005)"))  # the rest of an answer's work

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(settle, range(120)))
    assert walk().entries == 120


def test_nobody_waits_for_a_transaction_that_has_not_come_to_its_end(parts: Parts) -> None:
    with parts.sessions() as slow, parts.sessions() as fast:
        record(slow, "mina", "lexicon.changed", "hashtag:카페", {})
        slow.flush()
        fast.execute(text("SET LOCAL lock_timeout = '10s'"))
        record(fast, "jimin", "post.settled", "post:p-1", {})
        fast.commit()
        slow.commit()
        order = fast.scalars(select(AuditEntry.actor).order_by(AuditEntry.position)).all()
    assert order == ["jimin", "mina"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("\ud800", "?"),
        (2**60, str(2**60)),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (2**53 - 1, 2**53 - 1),
        (0.1, 0.1),
        (-0.0, 0),
        (True, True),
        ((1, "둘"), [1, "둘"]),
        ({1: {"x": "\0"}}, {"1": {"x": "\ufffd"}}),
    ],
)
def test_whatever_the_details_are_the_log_can_be_verified(
    parts: Parts, walk: Walk, given: object, kept: object
) -> None:
    with parts.sessions.begin() as session:
        record(session, "mi\0na", "x.y", "a\ud800", {"value": given})
    with parts.sessions() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.subject) == ("mi\ufffdna", "a?")
        assert entry.details == {"value": kept}
    assert walk().entries == 1


def _locks(session: Session) -> int:
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 3"
    return session.scalar(text(held)) or 0


def test_the_lock_is_not_held_before_the_commit(parts: Parts) -> None:
    with parts.sessions() as session:
        record(session, "mina", "post.settled", "post:p-1", {})
        session.flush()
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1
        assert _locks(session) == 0
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # as the commit does
        assert _locks(session) == 1
