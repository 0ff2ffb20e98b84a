"""A list of posts, filtered: its pages, how many there are, and which comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, null, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from service.campaigns.read import campaigns_of, shown_with_others
from service.cases import PostFilter
from service.cases.blind import BLIND
from service.cases.holders import COUNTED, holders_of
from service.cases.lease import takeable
from service.console.posts.filters import ORDER, carried, read_wanted
from service.console.posts.sorts import DOUBT, OLDEST, REACH, STAKE, sort_of
from service.console.posts.tabs import TABS, Tab
from service.tables import Campaign, Case, Post

PAGE_POSTS = 24
A_LOOK, MOST_LOOKS = 200, 10  # cases looked through for a page of items

Rows = Select[Post, Case | None]
GREATEST_FIRST = {STAKE: Case.priority, DOUBT: Case.doubt, REACH: Case.reach}


@dataclass(frozen=True)
class Filter:
    """Which posts of a list, who looks at it, and the order that was asked for, if any."""

    tab: Tab
    wanted: PostFilter
    viewer: int
    asked: str = ""

    @property
    def sort(self) -> str:
        """The order in which the posts stand."""
        return sort_of(self.tab, self.asked)

    def within(self, name: str) -> Filter:
        """The same filter on another list."""
        return replace(self, tab=TABS[name])

    def place(self, args: Mapping[str, str]) -> dict[str, Any]:
        """What an address carries on so that the next page shows the same list."""
        return {"tab": self.tab.name, **carried(args)}

    def ids(self) -> Select[int]:
        """The posts' ids, in no order."""
        if self.tab.is_queue:
            queue = select(Case.post_id).join(Post, Case.post_id == Post.id)
            return queue.where(*self._of_queue())
        return select(Post.id).where(*self._of_posts())

    def rows(self, after: int | None = None) -> Rows:
        """The posts in the order in which they are shown, those of the queue with their cases.

        ``after`` is where to go on: the id of a case in the queue, of a post elsewhere.
        """
        if self.tab.is_queue:
            query = select(Post, Case).join(Case, Case.post_id == Post.id)
            query = query.where(*self._of_queue())
            if self.sort not in GREATEST_FIRST:
                return self._by_age(query, Case.id, after)
            by = GREATEST_FIRST[self.sort]
            query = query.order_by(by.desc(), Case.id)
            return query if after is None else query.where(_later(by, after))
        rows: Rows = select(Post, null()).where(*self._of_posts())
        return self._by_age(rows, Post.id, after)

    def _by_age(self, rows: Rows, row_id: InstrumentedAttribute[int], after: int | None) -> Rows:
        """By age, as ids tell it: of the case in the queue, of the post elsewhere."""
        oldest_first = self.sort == OLDEST
        if after is not None:
            rows = rows.where(row_id > after if oldest_first else row_id < after)
        return rows.order_by(row_id if oldest_first else row_id.desc())

    def _of_posts(self) -> Sequence[ColumnElement[bool]]:
        return [self.tab.holds, *self.wanted.of_post(screened=self.tab.name != "pending")]

    def _of_queue(self) -> Sequence[ColumnElement[bool]]:
        # Blind cases look like any other when they come, so no list may tell them apart.
        kind = [Case.kind == self.wanted.kind] if self.wanted.kind else []
        return [takeable(self.viewer), Case.kind.not_in(BLIND), *kind, *self.wanted.of_post()]


def filter_of(args: Mapping[str, str], viewer: int) -> Filter:
    """The filter that an address asks for; of the queue where it names no list."""
    tab = TABS.get(args.get("tab", ""), TABS["review"])
    return Filter(tab, read_wanted(args), viewer, args.get(ORDER, ""))


@dataclass(frozen=True)
class PostRow:
    """One post of a list: its case where the list is the queue, who looks at it now, and the
    campaign that it is in."""

    post: Post
    case: Case | None
    holder: str | None
    campaign: Campaign | None = None


@dataclass(frozen=True)
class ListPage:
    """Some posts of a list; ``cursor`` asks for those that follow, None at the end."""

    rows: Sequence[PostRow]
    cursor: int | None


def page(session: Session, which: Filter, after: int | None = None) -> ListPage:
    """The posts that follow a cursor, or the first ones, with photographs and verdicts.

    The queue shows posts with one picture once, but where a filter may match the others only.
    """
    whole = selectinload(Post.images), selectinload(Post.verdicts)
    cursor = None
    if which.tab.is_queue and which.wanted == PostFilter():
        items, cursor = _items(session, which, after)
        these: Rows = select(Post, Case).join(Case, Case.post_id == Post.id)
        by_id = session.execute(these.where(Case.id.in_(items)).options(*whole)).all()
        found = sorted(by_id, key=lambda row: items.index(_cursor(*row)))
    else:
        rows = which.rows(after).options(*whole).limit(PAGE_POSTS + 1)
        found = list(session.execute(rows))
    shown = found[:PAGE_POSTS]
    holders = holders_of(session, [post.id for post, _ in shown], which.viewer)
    campaigns = campaigns_of(session, [post.id for post, _ in shown])
    listed = [PostRow(p, case, holders.get(p.id), campaigns.get(p.id)) for p, case in shown]
    return ListPage(listed, _cursor(*shown[-1]) if len(found) > PAGE_POSTS else cursor)


def _items(session: Session, which: Filter, after: int | None) -> tuple[list[int], int | None]:
    """The cases of a page and one more, and where to go on if not all that follow were looked at:
    a page that falls into a large campaign may be short."""
    kept: list[int] = []
    for _ in range(MOST_LOOKS):
        ids = which.rows(after).with_only_columns(Case.id).limit(A_LOOK)
        looked = session.scalars(ids).all()
        with_others = shown_with_others(session, looked)
        kept += [case_id for case_id in looked if case_id not in with_others]
        if len(looked) < A_LOOK or len(kept) > PAGE_POSTS:
            return kept[: PAGE_POSTS + 1], None
        after = looked[-1]
    return kept, after


def next_after(session: Session, which: Filter, post: Post) -> int | None:
    """The id of the next post in a list, from its beginning where the end is reached."""
    here: int | None = post.id
    if which.tab.is_queue:
        newest = select(func.max(Case.id)).where(Case.post_id == post.id)
        here = session.scalar(newest.where(Case.kind.not_in(BLIND)))
    for after in (here, None):
        query = which.rows(after).where(Post.id != post.id).limit(1)
        if found := session.execute(query).first():
            return int(found[0].id)
    return None


def count(session: Session, which: Filter) -> int:
    """How many posts a list holds, ``COUNTED`` at most."""
    some = which.ids().limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def counts(session: Session, which: Filter) -> Mapping[str, int]:
    """How many posts each list holds with the same filter, ``COUNTED`` at most."""
    return {name: count(session, which.within(name)) for name in TABS}


def _later(by: InstrumentedAttribute[Any], case_id: int) -> ColumnElement[bool]:
    """What follows a case in an order of the queue, whether it is still in it or not."""
    here = select(by).where(Case.id == case_id).scalar_subquery()
    # The index goes down in the figure and up in id: no single comparison of rows says that.
    return and_(by <= here, tuple_(-by, Case.id) > tuple_(-here, case_id))


def _cursor(post: Post, case: Case | None) -> int:
    return case.id if case is not None else post.id
