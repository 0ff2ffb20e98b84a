"""Start and stop reruns. Both are audited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.audit import record
from service.backtest.stored import count
from service.live_versions import live_versions
from service.locks import Lock, lock
from service.rulesets import store
from service.rulesets.source import source_of
from service.screen import Screen
from service.tables import Post, Rerun

MOST_RUNNING = 3  # backtests
KEPT = 50  # the newest of each kind
SHOWN = 10
# Rows are numbered in the order in which they were received, but for transactions side by side.
SKEW = timedelta(hours=1)


class RerunError(Exception):
    """A rerun cannot be started or stopped; the text says why.

    ``code`` is one of too_many, running_already, not_live, changed, nothing and over.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def start_backtest(
    session: Session, number: int | None, since: datetime | None, who: str, screen: Screen
) -> Rerun:
    """Start a backtest of a stored ruleset; None: of the live one.

    Raises:
        RulesetError: it cannot be used with the live bundle and lexicon.
        StateError: no ruleset has this number.
        RerunError: too many are running.
    """
    lock(session, Lock.RERUNS)
    if _running(session, "backtest") >= MOST_RUNNING:
        raise RerunError("too_many", f"{MOST_RUNNING} backtests are running.")
    if number is None:
        version = live_versions(session).ruleset
        number, name = int(version) if version else None, screen.ruleset.name
    else:
        name = store.check(source_of(store.find_ruleset(session, number)), screen).name
    made = _add(
        session,
        Rerun(kind="backtest", ruleset_id=number, ruleset=name, since=since, who=who),
        screen,
    )
    record(session, who, "rules.backtested", f"rerun:{made.id}", {"ruleset": name})
    return made


def start_rejudgement(
    session: Session, preview: Rerun, who: str, reason: str, screen: Screen
) -> Rerun:
    """Start to judge stored posts again by the live rules, after a finished backtest of them on the
    same posts.

    Raises:
        RerunError: the backtest is not over, was of other rules or another lexicon than those that
            are live, found nothing to change, or posts are being judged again already.
    """
    lock(session, Lock.RERUNS)
    if _running(session, "rejudgement"):
        raise RerunError("running_already", "Stored posts are being judged again already.")
    if not is_live(session, preview, screen):
        raise RerunError("not_live", "Rules or lexicon are others by now; look at it again first.")
    if not preview.result.get("unsettled", {}).get("posts"):
        raise RerunError("nothing", "No post would change.")
    made = _add(
        session,
        Rerun(
            kind="rejudgement",
            ruleset_id=preview.ruleset_id,
            ruleset=preview.ruleset,
            preview_id=preview.id,
            since=preview.since,
            who=who,
            reason=reason,
        ),
        screen,
    )
    details = {"ruleset": made.ruleset, "lexicon": made.lexicon, "reason": reason}
    record(session, who, "rules.rejudging", f"rerun:{made.id}", details)
    return made


def is_live(session: Session, preview: Rerun, screen: Screen) -> bool:
    """Whether a backtest is over and asked what is live at this moment."""
    version = live_versions(session).ruleset
    asked = None if preview.ruleset_id is None else str(preview.ruleset_id)
    return (
        preview.kind == "backtest"
        and preview.state == "done"
        and version == asked
        and preview.ruleset == screen.ruleset.name
        and preview.lexicon == preview.lexicon_now == screen.ruleset.lexicon.digest
    )


def stop(session: Session, number: int, who: str) -> Rerun:
    """Stop a rerun. What it did stays.

    Raises:
        RerunError: it is not running.
    """
    found = session.get(Rerun, number, with_for_update=True, populate_existing=True)
    if found is None or found.state != "running":
        raise RerunError("over", "It is not running.")
    end(found, "stopped", who)
    record(session, who, "rules.rerun_stopped", f"rerun:{number}", {"seen": found.seen})
    return found


def newest(session: Session, ruleset_id: int | None = None) -> Sequence[Rerun]:
    """The newest reruns, of one stored ruleset or of all."""
    query = select(Rerun).order_by(Rerun.id.desc()).limit(SHOWN)
    if ruleset_id is not None:
        query = query.where(Rerun.ruleset_id == ruleset_id)
    return session.scalars(query).all()


def end(rerun: Rerun, state: str, by: str = "") -> None:
    """Note that a rerun is over."""
    rerun.state, rerun.ended_by = state, by
    rerun.finished_at, rerun.leased_until = func.now(), None


def _add(session: Session, rerun: Rerun, screen: Screen) -> Rerun:
    rerun.lexicon = rerun.lexicon_now = screen.ruleset.lexicon.digest
    rerun.total = count(session, rerun.since)
    rerun.reached = _before(session, rerun.since)
    session.add(rerun)
    session.flush()
    _forget(session, rerun.kind)
    return rerun


def _before(session: Session, since: datetime | None) -> int:
    """A row's id before all that were received since then, so that no older one is looked at."""
    if since is None:
        return 0
    first = select(Post.id).where(Post.received_at >= since - SKEW).order_by(Post.received_at)
    return (session.scalar(first.limit(1)) or 1) - 1


def _running(session: Session, kind: str) -> int:
    running = select(func.count(Rerun.id)).where(Rerun.kind == kind, Rerun.state == "running")
    return session.scalar(running) or 0


def _forget(session: Session, kind: str) -> None:
    newest = select(Rerun.id).where(Rerun.kind == kind).order_by(Rerun.id.desc()).limit(KEPT)
    session.execute(
        delete(Rerun)
        .where(Rerun.kind == kind, Rerun.state != "running", Rerun.id.not_in(newest))
        .execution_options(synchronize_session=False)
    )
