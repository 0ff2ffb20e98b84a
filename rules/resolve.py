"""What a hashtag claims, how that was found, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules import neighbours
from rules.affixes import cores
from rules.lexicon import Lexicon
from rules.normalise import normalise
from rules.ruleset import Ruleset
from rules.segment import segment
from rules.variants import other_spellings, singular


class Way(StrEnum):
    """How a hashtag was understood; a person's word comes first, a guess last."""

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


@dataclass(frozen=True)
class Resolution:
    """A hashtag and the categories it claims, none where it claims nothing known.

    ``categories`` has what the hashtag says first, and then what that implies (a cat is a pet).
    ``verifiable``: a rule exists for one of them. ``resolved_by`` is a ``Way``.
    """

    tag: str
    normalised: str
    segments: tuple[str, ...]
    categories: tuple[str, ...]
    verifiable: bool
    resolved_by: str
    confidence: float


def resolve(tag: str, ruleset: Ruleset) -> Resolution:
    """Look a hashtag up: as it is, then without affixes, by its words, spelling and neighbours."""
    key = normalise(tag)
    segments = segment(tag) if key else ()
    way, claims = _find(key, segments, ruleset.lexicon) if key else (Way.NONE, ())
    categories = _with_parents(claims, ruleset)
    verifiable = any(ruleset.categories[name].rule is not None for name in claims)
    return Resolution(tag, key, segments, categories, verifiable, way.value, CONFIDENCE[way])


def judged_categories(categories: Iterable[str], ruleset: Ruleset) -> tuple[str, ...]:
    """The categories by whose rules a hashtag is judged: not those that others of them imply."""
    names = tuple(categories)
    implied = {above for name in names for above in _above(name, ruleset)}
    return tuple(name for name in names if name not in implied)


def _find(key: str, segments: tuple[str, ...], lexicon: Lexicon) -> tuple[Way, tuple[str, ...]]:
    if key in lexicon.claims:
        return Way.LEXICON, lexicon.claims[key]
    if _NOTHING.fullmatch(key):
        return Way.PATTERN, ()
    for core in cores(key):
        if core in lexicon.claims:
            return Way.AFFIX, lexicon.claims[core]
    claims = _by_head(segments, lexicon)
    if claims is not None:
        return Way.SEGMENTATION, claims
    for spelling in (*singular(key), *other_spellings(key, lexicon.spellings)):
        if spelling in lexicon.claims:
            return Way.VARIANT, lexicon.claims[spelling]
    if key in lexicon.learned:
        return Way.NEIGHBOURS, (lexicon.learned[key],)
    claims = neighbours.guess(key, lexicon.claims) if _HANGUL.fullmatch(key) else None
    return (Way.NONE, ()) if claims is None else (Way.NEIGHBOURS, claims)


def _by_head(segments: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...] | None:
    """The last words of a compound say what it is: 성수동카페 is a cafe, 카페알바 is not.

    What comes along (동반) is there too: 애견동반카페 is a cafe with dogs.
    """
    for length in range(min(LONGEST_HEAD, len(segments) - 1), 0, -1):
        for head in _forms("".join(segments[-length:])):
            if head in lexicon.claims:
                return tuple(dict.fromkeys((*_company(segments, lexicon), *lexicon.claims[head])))
    return None


def _forms(head: str) -> tuple[str, ...]:
    return (head, *singular(head), *cores(head))


def _company(segments: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...]:
    if TOGETHER not in segments[1:-1]:
        return ()
    return lexicon.claims.get(segments[segments.index(TOGETHER) - 1], ())


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
