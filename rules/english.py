"""Where the words of an English hashtag begin and end.

The likeliest row of words by a language model of one and two words, found by dynamic programming
(Norvig, Natural Language Corpus Data, in: Beautiful Data, 2009). Words come from wordfreq, which
knows what people write on social media; pairs of words from wordsegment. What is in neither counts
as a name, and stays in one piece unless its parts are much likelier.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache

LONGEST_WORD = 24
KEPT_ROWS = 4

# Chosen on the development halves of the sets in docs/hashtags.md: what a name costs, by itself
# and for each letter, in nats; what each further word costs; how far pairs of words are trusted,
# and how far the web's word counts against those of social media.
NAME_COST = 8.0
LETTER_COST = 2.2
SHORT_COST = 3.0
WORD_COST = 1.0
PAIRS_TRUST = 0.7
WEB_TRUST = 0.3
WEB_WORDS = 1_024_908_267_229

# Two letters are seldom a word, although every pair of letters is written often.
SHORT_WORDS = frozenset(
    "a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we uk tv ex "  # noqa: SIM905  # reads better
    "la vs dj pr hr pc id ya yo ur im bf gf ny dc st dr mr ms".split()
)

_CAMEL = re.compile(r"(?:Mc|Mac)[A-Z][a-z]+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_IS_CAMEL = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[a-z]{2,}")
_UNIT = re.compile(r"[0-9]+(?:s|st|nd|rd|th|k|d|am|pm|km|m|x|g)?")
_LETTERS_NUMBER = re.compile(r"([a-z]+)([0-9]+)")
_NUMBER_LETTERS = re.compile(r"([0-9]+)([a-z]{3,})")


def words_of(piece: str) -> list[str]:
    """The words of a piece of a hashtag as it was written, in lower case.

    Args:
        piece: ASCII letters and digits. Capitals inside of it are taken as seams.
    """
    if not piece.isupper() and _IS_CAMEL.search(piece):
        return _camel(piece)
    if len(piece) <= 3 or (piece.isupper() and len(piece) <= 5 and not _is_word(piece.lower())):
        return [piece.lower()]
    return _with_digits(piece.lower())


def _camel(piece: str) -> list[str]:
    parts = _CAMEL.findall(piece)
    if len(parts) == 2 and len(parts[0]) == 1:
        return [piece.lower()]  # iPhone, eBook
    words: list[str] = []
    for part in (part.lower() for part in parts):
        is_run = len(part) >= 9 and part.isalpha() and not _is_word(part)
        words += likeliest(part) if is_run else [part]
    return words


def _with_digits(piece: str) -> list[str]:
    """A year or a number behind words stands apart; a digit in a name (l4d2, g20) belongs to it."""
    if piece.isalpha():
        return list(likeliest(piece))
    if _UNIT.fullmatch(piece):
        return [piece]
    if found := _LETTERS_NUMBER.fullmatch(piece):
        letters, number = found.groups()
        apart = len(number) == 4 or (len(letters) >= 4 and len(number) >= 2) or len(letters) >= 5
        return [*_with_digits(letters), number] if apart else [piece]
    if found := _NUMBER_LETTERS.fullmatch(piece):
        return [found.group(1), *_with_digits(found.group(2))]
    if len(piece) <= 8:
        return [piece]
    return [word for run in re.findall(r"[a-z]+|[0-9]+", piece) for word in _with_digits(run)]


@lru_cache(maxsize=8192)
def likeliest(letters: str) -> tuple[str, ...]:
    """The likeliest row of words that a run of lower-case letters is made of."""
    rows: list[list[tuple[float, tuple[str, ...]]]] = [[(0.0, ("",))]]
    for end in range(1, len(letters) + 1):
        found = [
            (score + _score(letters[begin:end], row[-1]), (*row, letters[begin:end]))
            for begin in range(max(0, end - LONGEST_WORD), end)
            for score, row in rows[begin]
        ]
        rows.append(sorted(found, key=lambda one: -one[0])[:KEPT_ROWS])
    return rows[-1][0][1][1:] if letters else ()


def _is_word(text: str) -> bool:
    return text in _words()


def _score(word: str, before: str) -> float:
    alone = _score_alone(word)
    count = _pairs().get(f"{before} {word}") if before else None
    if count is None or before not in _web():
        return alone
    together = math.log(count / _web()[before])
    return max(alone, PAIRS_TRUST * together + (1 - PAIRS_TRUST) * alone)


@lru_cache(maxsize=65536)
def _score_alone(word: str) -> float:
    name = -NAME_COST - LETTER_COST * len(word)
    if len(word) <= 2 and word not in SHORT_WORDS:
        return name - SHORT_COST - WORD_COST
    if not _is_word(word):
        return name - WORD_COST
    web = _web().get(word, 0.0) / WEB_WORDS
    share = (1 - WEB_TRUST) * _words()[word] + WEB_TRUST * web
    return max(math.log(share), name) - WORD_COST


@cache
def _words() -> Mapping[str, float]:
    from wordfreq import get_frequency_dict  # 320,000 words: only where a hashtag needs them

    words: dict[str, float] = {}
    for written, share in get_frequency_dict("en", "large").items():
        word = written.replace("'", "").replace("\u2019", "")
        if word.isascii() and word.isalpha():
            words[word] = words.get(word, 0.0) + share
    return words


@cache
def _web() -> Mapping[str, float]:
    import wordsegment

    wordsegment.load()
    counts: Mapping[str, float] = wordsegment.UNIGRAMS
    return counts


@cache
def _pairs() -> Mapping[str, float]:
    import wordsegment

    _web()
    counts: Mapping[str, float] = wordsegment.BIGRAMS
    return counts
