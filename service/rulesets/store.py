"""The states of stored rulesets: draft, shadow, live, retired. Every change is audited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import Ruleset, RulesetError
from service.audit import record
from service.live_versions import Kind, make_live
from service.locks import Lock, lock
from service.rulesets.source import RulesetSource, compile_ruleset, source_of
from service.screen import Screen
from service.tables import Json, Promotion, StoredRuleset

MOST_SHADOWS = 3


class StateError(Exception):
    """A ruleset cannot be brought into a state; the text says why, and what can be done.

    ``code`` is one of stored_already, unknown, already_there, too_many_shadows, is_live,
    nothing_to_roll_back and changed_since.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def add(
    session: Session, source: RulesetSource, who: str, note: str, screen: Screen
) -> StoredRuleset:
    """Store a draft that can be used with the live bundle and lexicon.

    Raises:
        RulesetError: it cannot; with the place of what is wrong.
        StateError: the same text is stored already.
    """
    text = _text(source)
    name = check(source, screen).name
    file = Path(source.file).name
    _lock(session)
    same = session.scalars(select(StoredRuleset).where(StoredRuleset.name == name)).first()
    if same is not None:
        what = f"This text is stored already: number {same.id}, {same.state}."
        raise StateError("stored_already", what)
    made = StoredRuleset(
        name=name, file=file, source=text, note=note, created_by=who, changed_by=who
    )
    session.add(made)
    session.flush()
    _record(session, made, "added", who, {"note": note})
    return made


def check(source: RulesetSource, screen: Screen) -> Ruleset:
    """The ruleset of a text, with the live bundle's labels and the live lexicon.

    Raises:
        RulesetError: the first thing that is wrong, with its place.
    """
    return compile_ruleset(source, screen.bundle, screen.ruleset.lexicon)


def listed(session: Session) -> Sequence[StoredRuleset]:
    """Every stored ruleset, the newest first."""
    return session.scalars(select(StoredRuleset).order_by(StoredRuleset.id.desc())).all()


def in_shadow(session: Session) -> Sequence[StoredRuleset]:
    """The rulesets in shadow, the oldest first."""
    query = select(StoredRuleset).where(StoredRuleset.state == "shadow")
    return session.scalars(query.order_by(StoredRuleset.id)).all()


def find_ruleset(session: Session, number: int) -> StoredRuleset:
    """A stored ruleset.

    Raises:
        StateError: there is none with this number.
    """
    found = session.get(StoredRuleset, number)
    if found is None:
        raise StateError("unknown", f"No ruleset has the number {number}.")
    return found


def shadow(session: Session, number: int, who: str, reason: str, screen: Screen) -> StoredRuleset:
    """Put a ruleset in shadow: it judges every new post without effect.

    Raises:
        RulesetError: it cannot be used with the live bundle and lexicon.
        StateError: it is in shadow or live, or too many are in shadow.
    """
    _lock(session)
    found = find_ruleset(session, number)
    if found.state in ("shadow", "live"):
        raise StateError("already_there", f"Number {number} is {found.state} already.")
    if len(in_shadow(session)) >= MOST_SHADOWS:
        what = f"{MOST_SHADOWS} rulesets are in shadow; retire or promote one first."
        raise StateError("too_many_shadows", what)
    check(source_of(found), screen)
    _change(session, found, "shadow", who, reason)
    return found


def promote(
    session: Session, number: int, who: str, reason: str, screen: Screen, seen: int | None = None
) -> StoredRuleset:
    """Make a ruleset live in every process, from its next request or batch on.

    Args:
        seen: the newest promotion when the person decided, 0 where there was none: what a colleague
            made live meanwhile is not replaced unseen. None: whichever is the newest now.

    Raises:
        RulesetError: it cannot be used with the live bundle and lexicon.
        StateError: it is live already, or another promotion is the newest.
    """
    _lock(session)
    newest = _promotions(session)
    _same_newest(newest[0].id if newest else 0, seen)
    found = find_ruleset(session, number)
    if found.state == "live":
        raise StateError("already_there", f"Number {number} is live already.")
    check(source_of(found), screen)
    _retire_live(session, who, reason)
    _change(session, found, "live", who, reason)
    session.add(Promotion(ruleset_id=found.id))
    make_live(session, Kind.RULESET, str(found.id))
    return found


def roll_back(
    session: Session, who: str, reason: str, seen: int | None = None
) -> StoredRuleset | None:
    """Go back to what was live before the newest promotion.

    Args:
        seen: the newest promotion when the person decided: two who roll back the same rules go
            back once, not twice. None: whichever is the newest now.

    Returns:
        the ruleset that is live now; None: the file that the settings name.

    Raises:
        StateError: nothing was promoted, or another promotion is the newest.
    """
    _lock(session)
    promotions = _promotions(session)
    if not promotions:
        what = "Nothing to roll back to: the rules of the settings are live."
        raise StateError("nothing_to_roll_back", what)
    newest, *before = promotions
    _same_newest(newest.id, seen)
    back = find_ruleset(session, before[0].ruleset_id) if before else None
    newest.undone = True
    _retire_live(session, who, reason)
    if back is not None:
        _change(session, back, "live", who, reason)
    make_live(session, Kind.RULESET, None if back is None else str(back.id))
    return back


def retire(session: Session, number: int, who: str, reason: str) -> StoredRuleset:
    """Retire a draft or a ruleset in shadow.

    Raises:
        StateError: it is live or retired.
    """
    _lock(session)
    found = find_ruleset(session, number)
    if found.state == "live":
        raise StateError("is_live", f"Number {number} is live; promote another, or roll back.")
    if found.state == "retired":
        raise StateError("already_there", f"Number {number} is retired already.")
    _change(session, found, "retired", who, reason)
    return found


def _promotions(session: Session) -> Sequence[Promotion]:
    """The newest two that were not rolled back, the newest first."""
    query = select(Promotion).where(Promotion.undone.is_(False))
    return session.scalars(query.order_by(Promotion.id.desc()).limit(2)).all()


def _same_newest(newest: int, seen: int | None) -> None:
    if seen not in (None, newest):
        raise StateError("changed_since", "Other rules went live since you looked.")


def _retire_live(session: Session, who: str, reason: str) -> None:
    live = session.scalars(select(StoredRuleset).where(StoredRuleset.state == "live")).first()
    if live is not None:
        _change(session, live, "retired", who, reason)


def _change(session: Session, found: StoredRuleset, state: str, who: str, reason: str) -> None:
    before, found.state = found.state, state
    found.changed_by, found.changed_at = who, datetime.now(UTC)
    # One after the other: two rulesets are never live at once, not within a transaction either.
    session.flush()
    _record(session, found, state, who, {"before": before, "reason": reason})


def _record(session: Session, found: StoredRuleset, what: str, who: str, details: Json) -> None:
    record(session, who, f"ruleset.{what}", f"ruleset:{found.id}", {"name": found.name} | details)


def _text(source: RulesetSource) -> str:
    try:
        return source.data.decode()
    except UnicodeDecodeError as error:
        what = f"{source.file} is not UTF-8: byte {error.start} belongs to no letter"
        raise RulesetError(what) from None


def _lock(session: Session) -> None:
    lock(session, Lock.RULESETS)
