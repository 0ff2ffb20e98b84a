"""Prototypes in shadow, live and retired, for every process from its next batch on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import normalise
from service.audit import record
from service.locks import Lock, lock
from service.posts.lock import hold_posts
from service.prototypes.examples import Examples
from service.prototypes.kept import forget_examples, keep_examples, take_over
from service.prototypes.trial import Trial
from service.tables import Prototype

STEPS = {"shadow": ("live", "retired"), "live": ("shadow", "retired"), "retired": ()}
MOST_IN_USE = 50  # in shadow or live: each is asked about every post with its hashtag


class PrototypeError(Exception):
    """A step cannot be taken. ``rule`` is unknown, state, taken, network or too_many."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def put_in_shadow(
    session: Session,
    tag: str,
    made_by: str,
    given: Examples,
    found: Trial,
    who: str,
    before: int | None = None,
) -> Prototype:
    """Keep a prototype and its examples; it is asked about new posts and decides nothing.

    Args:
        given: what ``found`` was tried on.
        before: the prototype of the hashtag whose examples it began with.

    Raises:
        PrototypeError: too many are in use.
    """
    there = {post.id for post in hold_posts(session, given.rows) if post.state == "decided"}
    lock(session, Lock.PROTOTYPES)
    if len(in_use(session)) >= MOST_IN_USE:
        raise PrototypeError("too_many")
    row = Prototype(
        normalised=normalise(tag),
        tag=tag.lstrip("#"),
        state="shadow",
        made_by=made_by,
        weights=found.probe.weights.tolist(),
        bias=found.probe.bias,
        figures=found.figures,
        created_by=who,
        changed_by=who,
    )
    session.add(row)
    session.flush()
    keep_examples(session, row, given, there, who)
    first = prototype_of(session, tag, before)
    if first is not None:
        take_over(session, row, first)
    details = {**_details(row), "examples": len(there), "before": first.id if first else None}
    record(session, who, "prototype.shadow", f"prototype:{row.id}", details)
    return row


def prototype_of(session: Session, tag: str, number: int | None) -> Prototype | None:
    """A hashtag's prototype of this number; None where there is none."""
    query = select(Prototype).where(Prototype.normalised == normalise(tag))
    return session.scalar(query.where(Prototype.id == number)) if number else None


def change_state(session: Session, number: int, state: str, who: str, made_by: str) -> Prototype:
    """Make a prototype live, put it back in shadow, or retire it.

    Args:
        made_by: the live network.

    Raises:
        PrototypeError: there is none, it cannot go from its state to this one, another is live for
            its hashtag, or it was made for another network.
    """
    lock(session, Lock.PROTOTYPES)
    row = session.get(Prototype, number, populate_existing=True)
    if row is None:
        raise PrototypeError("unknown")
    if state not in STEPS[row.state]:
        raise PrototypeError("state")
    if state == "live":
        if row.made_by != made_by:
            raise PrototypeError("network")
        query = select(Prototype.id)
        query = query.where(Prototype.normalised == row.normalised, Prototype.state == "live")
        if session.scalar(query) is not None:
            raise PrototypeError("taken")
    before, row.state = row.state, state
    row.changed_by, row.changed_at = who, datetime.now(UTC)
    if state == "retired":
        forget_examples(session, row.id)
    details = {"before": before, **_details(row)}
    record(session, who, f"prototype.{state}", f"prototype:{row.id}", details)
    return row


def in_use(session: Session) -> Sequence[Prototype]:
    """Those in shadow or live, by hashtag."""
    query = select(Prototype).where(Prototype.state != "retired")
    return session.scalars(query.order_by(Prototype.normalised, Prototype.id)).all()


def _details(row: Prototype) -> dict[str, object]:
    return {"hashtag": row.tag, "figures": row.figures}
