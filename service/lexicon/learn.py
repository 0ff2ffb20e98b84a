"""Learn guesses for unmapped hashtags once a day from the posts that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rules import resolve
from rules.hashtags.cooccurrence import learn
from rules.hashtags.resolve import Way
from service.live_versions import Kind, make_live
from service.locks import Lock, try_lock
from service.parts import Parts
from service.queue import LEARN, hint
from service.tables import LearnedHashtag, Post, Upkeep, Verdict

LOOKED_BACK = timedelta(days=90)
EVERY = timedelta(days=1)
AGAIN_AFTER = timedelta(hours=1)  # where the task failed, or its hint was lost
MOST_POSTS = 200_000  # the newest; more of them hardly change a guess
CHUNK_ROWS = 10_000


def hint_learning(parts: Parts) -> None:
    """Queue the task once a day; asked by the sweep."""
    with parts.sessions.begin() as session:
        # A new service has nothing to learn from on its first day.
        first = insert(Upkeep).values(name=LEARN, due_at=func.now() + EVERY)
        session.execute(first.on_conflict_do_nothing())
        is_due = session.scalar(
            update(Upkeep)
            .where(Upkeep.name == LEARN, Upkeep.due_at <= func.now())
            .values(due_at=func.now() + AGAIN_AFTER)
            .returning(Upkeep.name)
        )
    if is_due:
        hint(parts.queue, LEARN)


def learn_hashtags(parts: Parts) -> int | None:
    """Learn again what unmapped hashtags claim; every process uses it at once.

    Returns:
        how many hashtags have a guess now; None if another process is learning.
    """
    ruleset = parts.screener.current().ruleset

    @cache
    def claims(tag: str) -> tuple[str, ...] | None:
        found = resolve(tag, ruleset)
        is_guess = found.resolved_by in (Way.NONE, Way.NEIGHBOURS)
        return None if is_guess else found.categories

    with parts.sessions.begin() as session:
        if not try_lock(session, Lock.LEARN):
            return None
        found = learn(_posts(session), claims)
        rows = [
            {"normalised": tag, "category": one.category, "posts": one.posts, "share": one.share}
            for tag, one in found.items()
        ]
        session.execute(delete(LearnedHashtag))
        if rows:
            session.execute(insert(LearnedHashtag), rows)
        session.execute(
            update(Upkeep).where(Upkeep.name == LEARN).values(due_at=func.now() + EVERY)
        )
        make_live(session, Kind.LEXICON, f"learned at {datetime.now(UTC).isoformat()}")
    return len(rows)


def _posts(session: Session) -> Iterator[list[str]]:
    """The normalised hashtags of each of the newest posts, read in chunks from the server."""
    newest = (
        select(Post.id)
        .where(Post.received_at > datetime.now(UTC) - LOOKED_BACK, Post.state == "decided")
        .order_by(Post.received_at.desc())
        .limit(MOST_POSTS)
        .subquery()
    )
    query = (
        select(Verdict.post_id, Verdict.normalised)
        .join(newest, newest.c.id == Verdict.post_id)
        .where(Verdict.normalised != "")
        .order_by(Verdict.post_id)
        .execution_options(yield_per=CHUNK_ROWS)
    )
    for _, rows in groupby(session.execute(query), key=itemgetter(0)):
        yield [tag for _, tag in rows]
