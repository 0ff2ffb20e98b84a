"""Where the words of an English hashtag begin and end.

The most likely sequence of words by a unigram and bigram model, found by dynamic programming
(Norvig, Natural Language Corpus Data, in: Beautiful Data, 2009). A piece that the table does not
know counts as a name. It stays whole unless its parts are much more likely.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from rules.hashtags.frequencies import LONGEST_WORD, frequencies

KEPT_ROWS = 4

# Two words with capitals are one where the one is that much likelier (JavaScript), in nats.
ONE_WORD = 2.0

_CAMEL = re.compile(
    r"(?:Mc|Mac)[A-Z][a-z]+|[A-Z]{2,}[a-z](?![a-z])|[A-Z]{2,}[a-z]*|[A-Z]?[a-z]+|[A-Z]|[0-9]+"
)
_CAPITALS = re.compile(r"([A-Z]+)([A-Z])([a-z]{2,})")
_IS_CAMEL = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[a-z]{2,}")
_UNIT = re.compile(r"[0-9]+(?:s|st|nd|rd|th|k|d|am|pm|km|m|x|g)?")
_LETTERS_NUMBER = re.compile(r"([a-z]+)([0-9]+)")
_NUMBER_LETTERS = re.compile(r"([0-9]+)([a-z]{3,})")


def prepare() -> None:
    """Open the table of words now instead of with the first hashtag that needs it."""
    frequencies()


def words_of(piece: str) -> list[str]:
    """The words of a piece of a hashtag as it was written, in lower case.

    Args:
        piece: ASCII letters and digits. Capitals within it are word boundaries.
    """
    if not piece.isupper() and _IS_CAMEL.search(piece):
        return _camel(piece)
    if piece.isupper() and len(piece) <= 5 and not _is_word(piece.lower()):
        return [piece.lower()]
    return _with_digits(piece.lower())


def _camel(piece: str) -> list[str]:
    parts = [part for run in _CAMEL.findall(piece) for part in _after_capitals(run)]
    words: list[str] = []
    for part in _joined(parts):
        is_run = len(part) >= 9 and part.isalpha() and not _is_word(part)
        words += likeliest(part) if is_run else [part]
    return words


def _after_capitals(run: str) -> list[str]:
    """The last of several capitals begins a word (NASALaunch) or not (NASAlaunch)."""
    found = _CAPITALS.fullmatch(run)
    if not found:
        return [run.lower()]
    capitals, last, rest = (text.lower() for text in found.groups())
    if _total(rest) > _total(last + rest):
        return [capitals + last, rest]
    return [capitals, last + rest]


def _joined(parts: list[str]) -> list[str]:
    """Parts that are one word, although each has a capital: iPhone, JavaScript."""
    words = parts[:1]
    for part in parts[1:]:
        both = words[-1] + part
        is_one = part.isalpha() and _is_word(both)
        if is_one and _total(both) > _row_score((words[-1], part)) + ONE_WORD:
            words[-1] = both
        else:
            words.append(part)
    return words


def _with_digits(piece: str) -> list[str]:
    """A year or number after words is a word of its own; a digit in a name (l4d2, g20) belongs to
    the name.
    """
    if len(piece) <= 3:
        return [piece]
    if piece.isalpha():
        return list(likeliest(piece))
    if _UNIT.fullmatch(piece):
        return [piece]
    if found := _LETTERS_NUMBER.fullmatch(piece):
        letters, number = found.groups()
        apart = len(number) == 4 or (len(letters) >= 3 and len(number) >= 2) or len(letters) >= 5
        return [*_with_digits(letters), number] if apart else [piece]
    if found := _NUMBER_LETTERS.fullmatch(piece):
        return [found.group(1), *_with_digits(found.group(2))]
    if len(piece) <= 8:
        return [piece]
    return [word for run in re.findall(r"[a-z]+|[0-9]+", piece) for word in _with_digits(run)]


# A sequence of words: its score, its last word, and the sequence before that. A copy of the words
# in each of a hundred sequences a letter would make long text cost gigabytes.
_Row = tuple[float, str, "_Row | None"]


@lru_cache(maxsize=8192)
def likeliest(letters: str) -> tuple[str, ...]:
    """The most likely sequence of words in a run of lower-case letters."""
    table = frequencies()
    rows: list[list[_Row]] = [[] for _ in range(len(letters) + 1)]
    rows[0] = [(0.0, "", None)]
    for begin in range(len(letters)):
        rest = letters[begin : begin + LONGEST_WORD]
        alone = table.beginnings(rest)
        for row in _best(rows[begin]):
            scores = table.beginnings_after(row[1], rest, alone)
            for length in range(1, len(rest) + 1):
                rows[begin + length].append((row[0] + scores[length], rest[:length], row))
        rows[begin] = []
    return tuple(_words(_best(rows[-1])[0]))


def _best(rows: list[_Row]) -> list[_Row]:
    return sorted(rows, key=lambda one: -one[0])[:KEPT_ROWS]


def _words(row: _Row) -> list[str]:
    words: list[str] = []
    while row[2] is not None:
        words.append(row[1])
        row = row[2]
    return words[::-1]


def _is_word(text: str) -> bool:
    return frequencies().is_word(text)


def _total(letters: str) -> float:
    return _row_score(likeliest(letters))


def _row_score(words: tuple[str, ...]) -> float:
    table = frequencies()
    return sum(table.after(before, word) for before, word in pairwise(("", *words)))
