"""Where the words of a hashtag begin and end."""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import Any

from rules.normalise import normalise

_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\WA-Za-z0-9_]+")
_HANGUL = re.compile(r"[가-힣]")
_lock = threading.Lock()


@lru_cache(maxsize=4096)
def segment(tag: str) -> tuple[str, ...]:
    """The words of a hashtag, normalised; one word where no seam is found.

    Korean by kiwipiepy's morphological analysis, English by capitals where there are some, else by
    word frequencies (wordsegment: Norvig, 2009, Natural Language Corpus Data).
    """
    key = normalise(tag)
    words: list[str] = []
    for run in _CAMEL.findall(tag) if _is_camel(tag) else [key]:
        for piece in _scripts(normalise(run)):
            words += _korean(piece) if _HANGUL.search(piece) else _english(piece)
    return tuple(word for word in words if word) if "".join(words) == key else (key,)


def _is_camel(tag: str) -> bool:
    return tag.isascii() and not tag.isupper() and bool(re.search(r"[a-z0-9][A-Z]", tag))


def _scripts(text: str) -> list[str]:
    return [match.group() for match in re.finditer(r"[가-힣]+|[a-z]+|[0-9]+|[^가-힣a-z0-9]+", text)]


def _english(word: str) -> list[str]:
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return [word]
    return [str(part) for part in _wordsegment().segment(word)]


def _korean(word: str) -> list[str]:
    """Morphemes, with endings and particles kept on the word before them."""
    with _lock:
        tokens = _kiwi().tokenize(word)
    words: list[str] = []
    end = 0
    for token in tokens:
        begin, stop = max(token.start, end), token.start + token.len
        if stop <= end:
            continue
        piece = word[begin:stop]
        if words and token.tag[0] in "JEX":
            words[-1] += piece
        else:
            words.append(piece)
        end = stop
    return words


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi  # 80 MB and most of a second: only where a hashtag needs it

    return Kiwi(num_workers=1)


@cache
def _wordsegment() -> Any:
    import wordsegment  # reads 300,000 words

    with _lock:
        wordsegment.load()
    return wordsegment
