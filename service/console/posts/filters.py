"""The filter of the queue and of the lists, as addresses carry it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from service.cases import PostFilter
from service.cases.blind import BLIND
from service.incoming import whole_number
from service.lexicon.tagged import name_of

NAMES = ("category", "hashtag", "author", "decision", "kind", "older")
ORDER = "sort"  # filters nothing, so it is not among them

MOST_HOURS = 99_999


def read_wanted(args: Mapping[str, str]) -> PostFilter:
    """The filter that an address asks for. An age that is no number of hours asks for nothing, and
    nobody can ask for blind cases: they would be told by that."""
    kind = args.get("kind", "")
    older = whole_number(args.get("older"), most=MOST_HOURS)
    return PostFilter(
        category=args.get("category", "").strip(),
        hashtag=name_of(args.get("hashtag", "").strip()),
        author=args.get("author", "").strip(),
        decision=args.get("decision", ""),
        kind="" if kind in BLIND else kind,
        older_than=None if older is None else timedelta(hours=older),
    )


def carried(args: Mapping[str, str]) -> dict[str, Any]:
    """The part of an address that says what is wanted, to be carried on to the next page."""
    return {name: args[name] for name in (*NAMES, ORDER) if args.get(name)}
