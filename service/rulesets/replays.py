"""Compute every stored verdict again from its trace alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from rules import RulesetError, replay
from service.tables import Post, Verdict

CHUNK = 2000


@dataclass(frozen=True)
class Difference:
    """A verdict whose trace leads elsewhere. ``replayed`` says where, or why it leads nowhere."""

    post: str
    tag: str
    stored: str
    replayed: str


def count(session: Session, since: datetime | None) -> int:
    """How many verdicts ``replay_all`` will look at."""
    query = select(func.count(Verdict.id)).where(_received(since))
    return session.scalar(query.join(Post, Post.id == Verdict.post_id)) or 0


def replay_all(session: Session, since: datetime | None) -> Iterator[Difference | None]:
    """For each stored verdict, the newest first: None where its trace leads to it again."""
    query = (
        select(Post.external_id, Verdict.tag, Verdict.model_verdict, Verdict.trace)
        .join(Verdict, Verdict.post_id == Post.id)
        .where(_received(since))
        .order_by(Verdict.id.desc())
    )
    rows = session.execute(query, execution_options={"yield_per": CHUNK})
    for name, tag, stored, trace in rows:
        try:
            again = replay(trace).value
        except RulesetError as error:
            again = f"nothing: {error}"
        except (KeyError, TypeError) as error:
            again = f"nothing, for the trace lacks {error}"
        yield None if again == stored else Difference(name, tag, stored, again)


def _received(since: datetime | None) -> ColumnElement[bool]:
    return true() if since is None else Post.received_at >= since
