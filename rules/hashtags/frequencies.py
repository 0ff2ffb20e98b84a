"""How often English words and pairs of words are written, as log scores that a sequence of words
adds up.

Words come from wordfreq, which knows what people write on social media; pairs of words, and how
often the web has each word, from wordsegment (Google Web Trillion Word Corpus). Only entries that
can change an answer are kept, so a process holds a small table instead of both libraries' lists.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Chosen on the sets in docs/hashtags.md: what a name costs, by itself
# and for each letter, in nats; what each further word costs; how far pairs of words are trusted,
# how far the web's word counts against those of social media, and how much oftener than in one
# piece two words must be written apart for the one piece to be no word (redsox, startrek).
NAME_COST = 9.0
LETTER_COST = 2.5
SHORT_COST = 3.0
WORD_COST = 1.0
PAIRS_TRUST = 0.7
WEB_TRUST = 0.3
APART = 1.5
WEB_WORDS = 1_024_908_267_229
WEB_RAREST = 12_711  # what is rarer is not in its list

# Two letters are seldom a word, although every pair of letters is written often.
SHORT_WORDS = frozenset(
    "a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we uk tv ex "  # noqa: SIM905  # reads better
    "la vs dj pr hr pc id ya yo ur im bf gf ny dc st dr mr ms".split()
)


@dataclass(frozen=True)
class Frequencies:
    """Scores in nats (greater is more likely) of words, and of pairs that score above their
    words.
    """

    words: Mapping[str, float]
    pairs: Mapping[str, float]

    def alone(self, word: str) -> float:
        """What a word adds to a sequence, whatever comes before it."""
        known = self.words.get(word)
        return _of_name(word) if known is None else known


@cache
def frequencies() -> Frequencies:
    """Both tables, read once in a process: one to two seconds."""
    from wordsegment import Segmenter  # read as text: its own tables would stay in memory

    shares = _shares()
    web = {word: count for word, count in _lines(Segmenter.UNIGRAMS_FILENAME) if word in shares}
    for pair, count in _lines(Segmenter.BIGRAMS_FILENAME):
        joined = pair.replace(" ", "")
        if joined in shares and count > APART * web.get(joined, WEB_RAREST):
            del shares[joined]
    once: dict[float, float] = {}  # few scores differ once they are rounded: each is held once
    words: dict[str, float] = {}
    while shares:
        word, share = shares.popitem()
        score = round(_of_word(word, share, web.get(word, 0.0)), 2)
        words[word] = once.setdefault(score, score)
    pairs: dict[str, float] = {}
    for pair, count in _lines(Segmenter.BIGRAMS_FILENAME):
        before, word = pair.split()
        if before not in web or word not in web:
            continue
        alone = words.get(word, _of_name(word))
        together = math.log(count / web[before])
        score = round(PAIRS_TRUST * together + (1 - PAIRS_TRUST) * alone, 2)
        if score > alone:
            pairs[pair] = once.setdefault(score, score)
    return Frequencies(words, pairs)


def _shares() -> dict[str, float]:
    from wordfreq import cB_to_freq, get_frequency_list

    shares: dict[str, float] = {}
    for rank, written_alike in enumerate(get_frequency_list("en", "large")):
        share = cB_to_freq(-rank)
        for written in written_alike:
            word = written.replace("'", "").replace("\u2019", "")
            if word.isascii() and word.isalpha():
                shares[word] = shares.get(word, 0.0) + share
    get_frequency_list.cache_clear()  # 320,000 words that nobody asks for again
    return shares


def _lines(file: str) -> Iterator[tuple[str, float]]:
    with Path(file).open(encoding="utf-8") as lines:
        for line in lines:
            text, count = line.split("\t")
            yield text, float(count)


def _of_word(word: str, share: float, web: float) -> float:
    name = _of_name(word)
    if len(word) <= 2 and word not in SHORT_WORDS:
        return name
    mixed = (1 - WEB_TRUST) * share + WEB_TRUST * web / WEB_WORDS
    return max(math.log(mixed) - WORD_COST, name)


def _of_name(word: str) -> float:
    short = SHORT_COST if len(word) <= 2 and word not in SHORT_WORDS else 0.0
    return -NAME_COST - LETTER_COST * len(word) - short - WORD_COST
