"""The lists of posts: what is in each, in which order, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from rules import normalise
from service.tables import Post, Verdict

PAGE_POSTS = 24

_decided = and_(Post.state == "decided", Post.decided_by == "model")
_settled = and_(Post.state == "decided", Post.decided_by != "model")


@dataclass(frozen=True)
class Tab:
    """One list of posts. ``empty`` is the sentence shown where it holds none."""

    name: str
    title: LazyString
    empty: LazyString
    holds: ColumnElement[bool]
    oldest_first: bool


TABS = {
    tab.name: tab
    for tab in (
        Tab(
            "review",
            _("To review"),
            _("Nothing is waiting for you. Flagged and doubtful posts appear here."),
            and_(_decided, Post.decision.in_(("flag", "review"))),
            True,
        ),
        Tab(
            "flagged",
            _("Flagged"),
            _("No post is flagged: no hashtag waits that its photographs do not bear out."),
            and_(_decided, Post.decision == "flag"),
            True,
        ),
        Tab(
            "doubtful",
            _("Doubtful"),
            _("No post is in doubt: the rules were sure of every hashtag."),
            and_(_decided, Post.decision == "review"),
            True,
        ),
        Tab(
            "passed",
            _("Passed"),
            _("No post has passed yet. Posts whose photographs bear out their hashtags go here."),
            and_(_decided, Post.decision == "pass"),
            False,
        ),
        Tab(
            "settled",
            _("Settled"),
            _("No moderator has settled a post yet. What you settle is kept here."),
            _settled,
            False,
        ),
        Tab(
            "pending",
            _("Pending"),
            _("Every post that arrived has been screened."),
            Post.state == "pending",
            True,
        ),
    )
}


@dataclass(frozen=True)
class Filter:
    """Which posts of a list: those of a tab, of a hashtag (as normalised; empty: all)."""

    tab: Tab
    hashtag: str = ""

    def select(self) -> Select[Post]:
        """The posts, in the order in which they are shown."""
        query = select(Post).where(self.tab.holds)
        if self.hashtag:
            tagged = Post.verdicts.any(Verdict.normalised == self.hashtag)
            # A pending post has no verdicts yet, only what the platform sent.
            query = query.where(or_(tagged, Post.hashtags.contains([self.hashtag])))
        return query.order_by(Post.id if self.tab.oldest_first else Post.id.desc())

    def after(self, row_id: int) -> Select[Post]:
        """The posts shown after one."""
        later = Post.id > row_id if self.tab.oldest_first else Post.id < row_id
        return self.select().where(later)


@dataclass(frozen=True)
class Page:
    """Some posts of a list; ``cursor`` asks for those that follow, None at the end."""

    posts: Sequence[Post]
    cursor: int | None


def count(session: Session) -> dict[str, int]:
    """How many posts each tab holds."""
    columns = [func.count().filter(tab.holds).label(tab.name) for tab in TABS.values()]
    row = session.execute(select(*columns)).one()
    return dict(row._mapping)


def page(session: Session, which: Filter, cursor: int | None) -> Page:
    """The posts that follow a cursor, or the first ones, with photographs and verdicts."""
    query = which.select() if cursor is None else which.after(cursor)
    query = query.options(selectinload(Post.images), selectinload(Post.verdicts))
    posts = session.scalars(query.limit(PAGE_POSTS + 1)).all()
    more = len(posts) > PAGE_POSTS
    return Page(posts[:PAGE_POSTS], posts[PAGE_POSTS - 1].id if more else None)


def next_after(session: Session, which: Filter, row_id: int) -> int | None:
    """The row of the next post in a list, from its beginning where the end is reached."""
    later = session.scalar(which.after(row_id).limit(1))
    post = later or session.scalar(which.select().where(Post.id != row_id).limit(1))
    return post.id if post else None


def filter_of(tab: str | None, hashtag: str | None) -> Filter:
    """The filter that an address asks for; the review queue where it names no list."""
    chosen = Filter(TABS.get(tab or "", TABS["review"]))
    return replace(chosen, hashtag=normalise(hashtag)) if hashtag else chosen
