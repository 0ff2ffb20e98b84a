"""Warnings about a ruleset, found without any post, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.errors import SourcePlace
from rules.hashtags.resolve import judged_categories
from rules.verdicts.possible import can_be
from rules.verdicts.ruleset import Ruleset


@dataclass(frozen=True)
class Finding:
    """Something that works and is probably not meant."""

    text: str
    place: SourcePlace | None

    def __str__(self) -> str:
        if self.place is None:
            return f"warning: {self.text}"
        return f"{self.place.file}:{self.place.line}:{self.place.column}: warning: {self.text}"


def warnings(ruleset: Ruleset) -> list[Finding]:
    """Categories that no hashtag claims, and hashtags whose categories contradict each other."""
    return [*_without_hashtag(ruleset), *_contradicting(ruleset)]


def _without_hashtag(ruleset: Ruleset) -> Iterator[Finding]:
    claimed = {name for claims in ruleset.lexicon.claims.values() for name in claims}
    claimed |= {ruleset.categories[name].parent or "" for name in claimed}
    for category in ruleset.categories.values():
        if category.name not in claimed:
            yield Finding(f"no hashtag claims category {category.name!r}", category.place)


def _contradicting(ruleset: Ruleset) -> Iterator[Finding]:
    fits: dict[tuple[str, ...], bool] = {}
    for entry in ruleset.lexicon.entries.values():
        names = judged_categories(entry.categories, ruleset)
        rules = [rule for name in names if (rule := ruleset.categories[name].rule) is not None]
        if len(rules) < 2:
            continue
        if names not in fits:
            fits[names] = can_be(rules, value=True)
        if not fits[names]:
            both = " and ".join(repr(name) for name in names)
            what = f"#{entry.tag} claims {both}, whose rules are never true together"
            yield Finding(what, SourcePlace(ruleset.lexicon.file, entry.line, 1, entry.text))
