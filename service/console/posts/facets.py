"""What a list can be filtered by: each choice with the number of posts, and those that are made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import (
    Integer,
    Select,
    Text,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    values,
)
from sqlalchemy.orm import Session

from service.cases.blind import BLIND
from service.console.frame.texts import localised
from service.console.frame.words import Words
from service.console.posts.filters import MOST_HOURS, ORDER, carried
from service.console.posts.lists import Filter
from service.console.posts.words import DECISIONS
from service.database import one_of
from service.incoming import whole_number
from service.tables import Case, Post, Verdict

LOOKED_AT = 1000  # the first posts of a list; what is chosen from is counted among them
SHOWN = 10
HOURS = (1, 24, 24 * 7)

TITLES: Mapping[str, LazyString] = {
    "category": _("Category"),
    "hashtag": _("Hashtag"),
    "author": _("Author"),
    "decision": _("Decision"),
    "kind": _("Reason"),
    "older": _("Age"),
}
KINDS: Mapping[str, LazyString] = {
    "review": _("flagged or doubtful"),
    "spot_check": _("passed, drawn at random"),
    "appeal": _("the author objects"),
}


@dataclass(frozen=True)
class Choice:
    """One value to filter by, in words; ``address`` is the list with it, or without it where it is
    chosen already (then ``count`` is None)."""

    title: str
    value: str
    address: str
    count: int | None


@dataclass(frozen=True)
class Facet:
    """What can be chosen of one kind."""

    name: str
    title: LazyString
    choices: Sequence[Choice]


def chosen(args: Mapping[str, str], words: Words) -> list[Choice]:
    """The filters of an address, each with the address of the list without it."""
    made = {name: value for name, value in carried(args).items() if name != ORDER}
    return [
        Choice(
            f"{TITLES[name]}: {_word(name, value, words)}",
            value,
            _address(args, {name: None}),
            None,
        )
        for name, value in made.items()
    ]


def facets(session: Session, which: Filter, args: Mapping[str, str], words: Words) -> list[Facet]:
    """What a list can be filtered by beyond what is chosen, the most frequent first."""
    made = [name for name in TITLES if args.get(name)]
    return [
        Facet(
            name,
            TITLES[name],
            [
                Choice(_word(name, value, words), value, _address(args, {name: value}), count)
                for value, count in found
            ],
        )
        for name, found in counted(session, which, made).items()
        if found
    ]


def counted(
    session: Session, which: Filter, besides: Collection[str]
) -> Mapping[str, Sequence[tuple[str, int]]]:
    """The values that the first ``LOOKED_AT`` posts of a list have, with how many have each."""
    return {
        name: [(value, count) for value, count in session.execute(query) if value and count]
        for name, query in _queries(session, which).items()
        if name not in besides
    }


def _queries(session: Session, which: Filter) -> Mapping[str, Select[Any, Any]]:
    """For each kind of choice the values with the number of posts."""
    rows = which.rows().with_only_columns(Post.id, maintain_column_froms=True)
    first = session.scalars(rows.limit(LOOKED_AT)).all()
    posts = func.count(Verdict.post_id.distinct())
    verdicts = one_of(Verdict.post_id, first)
    queries: dict[str, Select[Any, Any]] = {
        "category": _most(select(Verdict.category, posts).where(verdicts), Verdict.category),
        "hashtag": _most(select(Verdict.normalised, posts).where(verdicts), Verdict.normalised),
        "author": _most(_of_posts(Post.author_id, first), Post.author_id),
        "decision": _most(_of_posts(Post.decision, first), Post.decision),
        "older": _ages(first),
    }
    if which.tab.is_queue:
        reasons = select(Case.kind, func.count()).where(
            one_of(Case.post_id, first), Case.closed_at.is_(None), Case.kind.not_in(BLIND)
        )
        queries["kind"] = _most(reasons, Case.kind)
    return queries


def _of_posts(column: Any, first: Sequence[int]) -> Select[Any, Any]:
    return select(column, func.count()).where(one_of(Post.id, first))


def _most(query: Select[Any, Any], by: Any) -> Select[Any, Any]:
    """The most frequent values of a column."""
    return query.group_by(by).order_by(literal_column("2").desc(), by).limit(SHOWN)


def _ages(first: Sequence[int]) -> Select[Any, Any]:
    """How many posts arrived so many hours ago, or before."""
    hours = values(column("hours", Integer), name="ages").data([(number,) for number in HOURS])
    before = func.now() - func.make_interval(0, 0, 0, 0, hours.c.hours)
    posts = func.count().filter(Post.received_at <= before)
    query = select(cast(hours.c.hours, Text), posts).select_from(Post).join(hours, true())
    return query.where(one_of(Post.id, first)).group_by(hours.c.hours).order_by(hours.c.hours)


def _address(args: Mapping[str, str], changes: Mapping[str, str | None]) -> str:
    return url_for(
        "console.posts",
        **{"tab": args.get("tab"), "filters": args.get("filters"), **carried(args), **changes},
    )


def _word(name: str, value: str, words: Words) -> str:
    """A stored value as people say it."""
    if name == "category":
        return localised(words.category(value))
    if name == "hashtag":
        return f"#{value.lstrip('#')}"
    if name == "older":
        return _older(value)
    known = {"decision": DECISIONS, "kind": KINDS}.get(name, {})
    return str(known.get(value, value))


def _older(hours: str) -> str:
    number = whole_number(hours, most=MOST_HOURS) or 0
    if number and number % 24 == 0:
        return str(_("%(days)s d and more", days=number // 24))
    return str(_("%(hours)s h and more", hours=number))
