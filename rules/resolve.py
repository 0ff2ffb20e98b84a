"""What a hashtag claims, how that was found, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from rules.lexicon import Lexicon
from rules.normalise import normalise
from rules.ruleset import Ruleset
from rules.segment import segment

# What platforms' users put around a word without changing what the photo shows.
SUFFIXES = (
    *("스타그램", "그램", "램", "맞팔", "소통", "추천", "일상", "사진", "투어"),
    *("인증샷", "인증", "스냅", "탐방"),
    *("stagram", "gram", "lover", "lovers", "love", "life", "oftheday", "ofinstagram"),
    *("photography", "addict", "daily", "time"),
)
PREFIXES = (
    *("데일리", "오늘의", "인스타", "예쁜", "감성", "신상", "동네", "우리"),
    *("daily", "insta", "my", "best", "korean", "love"),
)

# How far each way is trusted; a person's word counts most.
CONFIDENCE = {"lexicon": 0.99, "affix": 0.9, "segmentation": 0.8, "none": 0.5}
SHORTEST = 2


@dataclass(frozen=True)
class Resolution:
    """A hashtag and the categories it claims, none where it claims nothing known.

    ``verifiable``: a rule exists for one of them. ``resolved_by`` is lexicon, affix, segmentation
    or none.
    """

    tag: str
    normalised: str
    segments: tuple[str, ...]
    categories: tuple[str, ...]
    verifiable: bool
    resolved_by: str
    confidence: float


def resolve(tag: str, ruleset: Ruleset) -> Resolution:
    """Look a hashtag up: as it is, without affixes, by the head of the compound."""
    key = normalise(tag)
    segments: tuple[str, ...] = (key,) if key else ()
    way, categories = "none", None
    if key:
        way, categories = _look_up(key, ruleset.lexicon)
        if not categories and way != "lexicon":
            segments = segment(tag)
            head = _by_head(segments, ruleset.lexicon)
            way, categories = ("segmentation", head) if head else (way, categories)
    found = categories or ()
    rules = (ruleset.categories[name].rule for name in found)
    verifiable = any(rule is not None for rule in rules)
    return Resolution(tag, key, segments, found, verifiable, way, CONFIDENCE[way])


def _look_up(key: str, lexicon: Lexicon) -> tuple[str, tuple[str, ...] | None]:
    if key in lexicon.entries:
        return "lexicon", lexicon.entries[key].categories
    for core in _cores(key):
        if core in lexicon.entries:
            return "affix", lexicon.entries[core].categories
    return "none", None


def _cores(key: str) -> list[str]:
    """A hashtag without a suffix, a prefix, or both; the longest affix first."""
    ends = sorted((s for s in SUFFIXES if key.endswith(s)), key=len, reverse=True)
    starts = sorted((p for p in PREFIXES if key.startswith(p)), key=len, reverse=True)
    cores = [key.removesuffix(end) for end in ends]
    cores += [key.removeprefix(start) for start in starts]
    cores += [key.removesuffix(end).removeprefix(start) for end in ends for start in starts]
    return [core for core in cores if len(core) >= SHORTEST or _is_korean_word(core)]


def _is_korean_word(core: str) -> bool:
    return len(core) == 1 and "가" <= core <= "힣"


def _by_head(segments: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...]:
    """The last part of a compound says what it is: 성수동카페 is a cafe, 카페알바 is not."""
    for length in range(min(3, len(segments) - 1), 0, -1):
        head = "".join(segments[-length:])
        if head in lexicon.entries and lexicon.entries[head].categories:
            return lexicon.entries[head].categories
    return ()
