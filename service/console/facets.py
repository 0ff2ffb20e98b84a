"""What a list can be filtered by: each choice with the number of posts, and those that are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from service.console.lists import Filter
from service.console.templating import DECISIONS, localised
from service.console.wantedargs import carried
from service.console.words import Words
from service.tables import Case, Post, Verdict

LOOKED_AT = 2000  # the first posts of a list; what is chosen from is counted among them
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
    "audit": _("passed, drawn at random"),
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
    made = carried(args)
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
    """What a list can be filtered by beyond what is chosen, the most frequent first.

    Counted are the first ``LOOKED_AT`` posts of the list.
    """
    found = []
    for name, query in _queries(which).items():
        if args.get(name):
            continue
        choices = [
            Choice(_word(name, value, words), value, _address(args, {name: value}), count)
            for value, count in session.execute(query)
            if value and count
        ]
        if choices:
            found.append(Facet(name, TITLES[name], choices))
    return found


def _queries(which: Filter) -> Mapping[str, Select[Any, Any]]:
    """For each kind of choice the values with the number of posts."""
    rows = which.rows().with_only_columns(Post.id, maintain_column_froms=True)
    first = select(rows.limit(LOOKED_AT).subquery().c.id)
    posts = func.count(Verdict.post_id.distinct())
    verdicts = Verdict.post_id.in_(first)
    queries: dict[str, Select[Any, Any]] = {
        "category": _most(select(Verdict.category, posts).where(verdicts), Verdict.category),
        "hashtag": _most(select(Verdict.normalised, posts).where(verdicts), Verdict.normalised),
        "author": _most(_of_posts(Post.author_id, first), Post.author_id),
        "decision": _most(_of_posts(Post.decision, first), Post.decision),
        "older": _ages(first),
    }
    if which.tab.is_queue:
        reasons = select(Case.kind, func.count()).where(
            Case.post_id.in_(first), Case.closed_at.is_(None), Case.kind.not_in(BLIND)
        )
        queries["kind"] = _most(reasons, Case.kind)
    return queries


def _of_posts(column: Any, first: Select[int]) -> Select[Any, Any]:
    return select(column, func.count()).where(Post.id.in_(first))


def _most(query: Select[Any, Any], by: Any) -> Select[Any, Any]:
    """The most frequent values of a column."""
    return query.group_by(by).order_by(literal_column("2").desc(), by).limit(SHOWN)


def _ages(first: Select[int]) -> Select[Any, Any]:
    """How many posts arrived so many hours ago, or before."""
    hours = values(column("hours", Integer), name="ages").data([(number,) for number in HOURS])
    before = func.now() - func.make_interval(0, 0, 0, 0, hours.c.hours)
    posts = func.count().filter(Post.received_at <= before)
    query = select(cast(hours.c.hours, Text), posts).select_from(Post).join(hours, true())
    return query.where(Post.id.in_(first)).group_by(hours.c.hours).order_by(hours.c.hours)


def _address(args: Mapping[str, str], changes: Mapping[str, str | None]) -> str:
    return url_for("console.posts", **{"tab": args.get("tab"), **carried(args), **changes})


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
    number = int(hours) if hours.isdecimal() else 0
    if number and number % 24 == 0:
        return str(_("%(days)s d and more", days=number // 24))
    return str(_("%(hours)s h and more", hours=number))
