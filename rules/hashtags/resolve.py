"""What a hashtag claims, how that was found, and how certain it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rules.hashtags import neighbours
from rules.hashtags.affixes import cores
from rules.hashtags.lexicon import Lexicon
from rules.hashtags.normalise import normalise
from rules.hashtags.segment import segment
from rules.hashtags.variants import other_spellings, singular
from rules.verdicts.ruleset import Ruleset


class Way(StrEnum):
    """How a hashtag was understood, from a person's entry (first) to a guess (last)."""

    LEXICON = "lexicon"
    AFFIX = "affix"
    PATTERN = "pattern"
    SEGMENTATION = "segmentation"
    VARIANT = "variant"
    NEIGHBOURS = "neighbours"
    NONE = "none"


# How far each way is trusted.
CONFIDENCE = {
    Way.LEXICON: 0.99,
    Way.AFFIX: 0.9,
    Way.PATTERN: 0.95,
    Way.SEGMENTATION: 0.8,
    Way.VARIANT: 0.75,
    Way.NEIGHBOURS: 0.6,
    Way.NONE: 0.5,
}
LONGEST_HEAD = 4
TOGETHER = "동반"

# Dates, ages, counts, and letters that are no word: nothing that a photograph shows.
_NOTHING = re.compile(
    r"[0-9]+|[0-9]+(?:년생?|월|일|시|분|주년?|일차|주차|살|세|명|번째?|위|원|만원|층|km|kg|cm|k|th|am|pm)"
    r"|[0-9]+월[0-9]+일|[0-9]+년[0-9]+월(?:[0-9]+일)?|(?:d|디데이)[0-9]+|[\u1100-\u11ff\u3131-\u318e]+"
)
_HANGUL = re.compile(r"[가-힣]+")


Claims = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Step:
    """One attempt at a hashtag: the words looked up in order, the first that was ``found`` (None:
    none), and the categories it claims.
    """

    way: Way
    tried: Sequence[str]
    found: str | None
    claims: tuple[str, ...]


_NOWHERE = Step(Way.NONE, (), None, ())


@dataclass(frozen=True)
class Resolution:
    """A hashtag and the categories it claims, none where it claims nothing known.

    ``categories`` lists what the hashtag says, then what that implies (a cat is a pet).
    ``verifiable``: one of them has a rule. ``visible``: it can be seen, though no category covers
    it. ``resolved_by`` is a ``Way``.
    """

    tag: str
    normalised: str
    segments: tuple[str, ...]
    categories: tuple[str, ...]
    verifiable: bool
    resolved_by: str
    confidence: float
    visible: bool = False


def resolve(tag: str, ruleset: Ruleset) -> Resolution:
    """Look a hashtag up: as written, without affixes, by its words, by its spelling, by
    neighbours.
    """
    key = normalise(tag)
    segments = segment(tag) if key else ()
    step = next((step for step in steps(key, segments, ruleset.lexicon) if step.found), _NOWHERE)
    categories = _with_parents(step.claims, ruleset)
    verifiable = any(ruleset.categories[name].rule is not None for name in step.claims)
    visible = not categories and step.found in ruleset.lexicon.visible
    way, sure = step.way.value, CONFIDENCE[step.way]
    return Resolution(tag, key, segments, categories, verifiable, way, sure, visible)


def judged_categories(categories: Iterable[str], ruleset: Ruleset) -> tuple[str, ...]:
    """The categories whose rules judge a hashtag: those that no other of its categories implies."""
    names = tuple(categories)
    implied = {above for name in names for above in _above(name, ruleset)}
    return tuple(name for name in names if name not in implied)


def steps(key: str, segments: tuple[str, ...], lexicon: Lexicon) -> Iterator[Step]:
    """Try to understand a normalised hashtag, one way after another; the last step is the first one
    that found something.
    """
    known = lexicon.claims
    if not key:
        return
    yield _look(Way.LEXICON, (key,), known)
    is_nothing = _NOTHING.fullmatch(key) is not None
    yield Step(Way.PATTERN, (key,), key if is_nothing else None, ())
    yield _look(Way.AFFIX, cores(key), known)
    yield _by_head(segments, known)
    yield _look(Way.VARIANT, (*singular(key), *other_spellings(key, lexicon.spellings)), known)
    if key in lexicon.learned:
        yield Step(Way.NEIGHBOURS, (key,), key, (lexicon.learned[key],))
    claims = neighbours.guess(key, known) if _HANGUL.fullmatch(key) else None
    yield Step(Way.NEIGHBOURS, (key,), None if claims is None else key, claims or ())


def _look(way: Way, tried: Sequence[str], known: Claims) -> Step:
    found = next((word for word in tried if word in known), None)
    return Step(way, tried, found, known[found] if found else ())


def _by_head(segments: tuple[str, ...], known: Claims) -> Step:
    """The last words of a compound decide: 성수동카페 is a cafe, 카페알바 is not.

    Something that comes along (동반) counts as well: 애견동반카페 is a cafe with dogs.
    """
    tried: list[str] = []
    for length in range(min(LONGEST_HEAD, len(segments) - 1), 0, -1):
        tried.extend(_forms("".join(segments[-length:])))
    head = _look(Way.SEGMENTATION, tried, known)
    if not head.found:
        return head
    claims = tuple(dict.fromkeys((*_company(segments, known), *head.claims)))
    return replace(head, claims=claims)


def _forms(head: str) -> tuple[str, ...]:
    return (head, *singular(head), *cores(head))


def _company(segments: tuple[str, ...], known: Claims) -> tuple[str, ...]:
    if TOGETHER not in segments[1:-1]:
        return ()
    return known.get(segments[segments.index(TOGETHER) - 1], ())


def _with_parents(claims: tuple[str, ...], ruleset: Ruleset) -> tuple[str, ...]:
    parents = [above for name in claims for above in _above(name, ruleset)]
    return tuple(dict.fromkeys((*claims, *parents)))


def _above(name: str, ruleset: Ruleset) -> list[str]:
    found: list[str] = []
    parent = ruleset.categories[name].parent
    while parent is not None:
        found.append(parent)
        parent = ruleset.categories[parent].parent
    return found
