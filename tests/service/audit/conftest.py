"""A log with a few entries, and a hand that reaches past its triggers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select, text

from service.audit import record
from service.audit.entries import stored
from service.audit.verify import Whole, verify
from service.parts import Parts
from service.tables import AuditEntry

DETAILS = {"to": ["pass", 0.5, None, "맛집"]}

Write = Callable[..., Sequence[AuditEntry]]
Walk = Callable[..., Whole]


@pytest.fixture
def write(parts: Parts) -> Write:
    """``write(*subjects)``: one entry each, in one transaction, as they then stand there."""

    def make(*subjects: str) -> Sequence[AuditEntry]:
        with parts.sessions.begin() as session:
            for subject in subjects:
                record(
                    session, "mina", "post.settled", subject, {"to": ["pass", 0.5, None, "맛집"]}
                )
        with parts.sessions() as session:
            return session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()

    return make


@pytest.fixture
def walk(parts: Parts) -> Walk:
    """``walk(head=None)``: verifies the log that is stored."""

    def run(head: str | None = None) -> Whole:
        with parts.sessions() as session, stored(session) as entries:
            return verify(entries, head)

    return run


@pytest.fixture
def tamper(parts: Parts) -> Callable[[str], None]:
    """``tamper(sql)``: as somebody does who owns the database, and switches the triggers off."""

    def run(sql: str) -> None:
        with parts.sessions.begin() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(sql))

    return run
