"""What a search is narrowed by, as an address or a form carries it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from service.console.likeness.words import DAYS, LEAST
from service.console.posts.words import DECISIONS
from service.likeness.filters import Filters

LONGEST = 200
KNOWN: Mapping[str, Mapping[str, object]] = {"min": LEAST, "decision": DECISIONS, "days": DAYS}
FREE = ("hashtag", "author")


def asked_for(args: Mapping[str, str]) -> dict[str, str]:
    """The filters that are set; what no page offers is left out."""
    known = {name: args.get(name, "") for name in KNOWN if args.get(name) in KNOWN[name]}
    free = {name: args.get(name, "").strip()[:LONGEST] for name in FREE}
    return known | {name: value for name, value in free.items() if value}


def least_of(asked: Mapping[str, str]) -> float:
    """The least likeness that counts."""
    return float(asked.get("min", "0"))


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The same as the search has it."""
    days = asked.get("days")
    return Filters(
        decision=asked.get("decision"),
        author=asked.get("author"),
        hashtag=asked.get("hashtag"),
        since=datetime.now(UTC) - timedelta(days=int(days)) if days else None,
    )
