"""How likely English words and pairs of words are, as log scores that a sequence of words adds up.

The scores are made from two libraries' lists by `python -m rules frequencies`
(`rules/tools/frequencies.py`; sources and licence: `CREDITS.md` beside this file) and stored in two
files: a trie of words and pairs ("new york"), which numbers them, and their scores by number.
Processes map both into memory, so reading them takes no time and they are held once.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

TRIE = Path(__file__).with_name("english_words.marisa")
SCORES = Path(__file__).with_name("english_scores.int16")
UNITS = 100  # scores are stored in hundredths of a nat

# Chosen on the sets in docs/hashtags.md: what a name costs, by itself and for each letter, in nats;
# what one of up to two letters costs besides; what each further word costs.
NAME_COST = 9.0
LETTER_COST = 2.5
SHORT_COST = 3.0
WORD_COST = 1.0
LONGEST_WORD = 24


def of_name(length: int) -> float:
    """What a name, of which nothing is known but its number of letters, adds to a sequence."""
    short = SHORT_COST if length <= 2 else 0.0
    return -NAME_COST - LETTER_COST * length - short - WORD_COST


_NAMES = [of_name(length) for length in range(LONGEST_WORD + 1)]


class Frequencies:
    """Scores in nats (greater is more likely) of words, and of pairs that score above their words.

    Several threads may ask at once.
    """

    def __init__(self, trie: Any, scores: Sequence[int]) -> None:
        self._trie = trie
        self._scores = scores

    def is_word(self, text: str) -> bool:
        """Whether the lists know it, in lower case."""
        return text in self._trie

    def after(self, before: str, word: str) -> float:
        """What a word adds to a sequence behind another; behind an empty one, whatever comes
        before it.
        """
        number = self._trie.get(f"{before} {word}", self._trie.get(word))
        return of_name(len(word)) if number is None else self._scores[number] / UNITS

    def beginnings(self, letters: str) -> list[float]:
        """What each beginning of up to 24 letters adds as one word, by its length."""
        scores = _NAMES[: len(letters) + 1]
        for word, number in self._trie.iter_prefixes_with_ids(letters):
            scores[len(word)] = self._scores[number] / UNITS
        return scores

    def beginnings_after(self, before: str, letters: str, alone: Sequence[float]) -> list[float]:
        """The same behind a given word: `alone`, but for the pairs that are known."""
        scores = list(alone)
        begin = len(before) + 1
        for pair, number in self._trie.iter_prefixes_with_ids(f"{before} {letters}"):
            if len(pair) > begin:
                scores[len(pair) - begin] = self._scores[number] / UNITS
        return scores


@cache
def frequencies() -> Frequencies:
    """The stored table, opened once in a process."""
    from marisa_trie import Trie

    trie = Trie()
    trie.mmap(str(TRIE))
    with SCORES.open("rb") as file:
        scores = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast("h")
    return Frequencies(trie, scores)
