"""Agreement by category and by moderator, and how controls were answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intervals import Share
from service.quality.answered import Answered
from service.quality.kappa import Agreement, agreement
from service.quality.second_looks import Twice

Pair = tuple[str, str]


@dataclass(frozen=True)
class Moderator:
    """How far one person agrees with the others, and how many controls they answered rightly."""

    name: str
    agreement: Agreement
    controls: Share


@dataclass(frozen=True)
class Figures:
    """What was measured in a period: in all, by category, by moderator in the order of names."""

    posts: int
    overall: Agreement
    categories: Mapping[str, Agreement]
    moderators: Sequence[Moderator]


def figures(twice: Sequence[Twice], answered: Sequence[Answered]) -> Figures:
    """The figures of posts that were looked at twice, and of answered controls."""
    return Figures(
        posts=len(twice),
        overall=agreement(pair for one in twice for pair in one.pairs.values()),
        categories=_by_category(twice),
        moderators=_by_moderator(twice, answered),
    )


def _by_category(twice: Iterable[Twice]) -> Mapping[str, Agreement]:
    pairs: dict[str, list[Pair]] = {}
    for one in twice:
        for tag, pair in one.pairs.items():
            pairs.setdefault(str(one.categories[tag]), []).append(pair)
    return {name: agreement(pairs[name]) for name in sorted(pairs)}


def _by_moderator(twice: Iterable[Twice], answered: Sequence[Answered]) -> Sequence[Moderator]:
    """A person's own answer comes first in each pair, whoever looked first."""
    pairs: dict[str, list[Pair]] = {one.name: [] for one in answered}
    for one in twice:
        for pair in one.pairs.values():
            pairs.setdefault(one.first.name, []).append(pair)
            pairs.setdefault(one.second.name, []).append((pair[1], pair[0]))
    return [
        Moderator(name, agreement(pairs[name]), _controls(answered, name)) for name in sorted(pairs)
    ]


def _controls(answered: Sequence[Answered], name: str) -> Share:
    theirs = [one.is_right for one in answered if one.name == name]
    return Share(sum(theirs), len(theirs))
