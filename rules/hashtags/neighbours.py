"""Guess what an unmapped word claims from mapped words that are used like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from rules.hashtags import korean

ASKED = 300
VOTES = 5
AGREEING = 4
NEAREST = 0.55


def guess(run: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The categories of the mapped Korean nouns that are used like the last noun of a run.

    Args:
        run: Hangul syllables.
        known: what mapped hashtags claim; the empty tuple where they claim nothing.

    Returns:
        what at least four of the five nearest agree on; None if they do not, or there are fewer
        than five. A vote among neighbours, as in k-nearest-neighbour classification (Cover and
        Hart, 1967).
    """
    nouns = korean.nouns_of(run)
    if not nouns:
        return None
    near = [
        known[form]
        for form, score in _similar(nouns[-1])
        if score >= NEAREST and form in known and form != nouns[-1][0]
    ][:VOTES]
    if len(near) < VOTES:
        return None
    votes = Counter(name for claims in near for name in claims or ("",))
    best, count = votes.most_common(1)[0]
    if count < AGREEING:
        return None
    return (best,) if best else ()


@lru_cache(maxsize=4096)
def _similar(noun: tuple[str, str]) -> tuple[tuple[str, float], ...]:
    return tuple(korean.similar_nouns(noun, ASKED))
