"""Where the words of a hashtag begin and end."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rules.hashtags import english, korean
from rules.hashtags.normalise import normalise

_RUN = re.compile(r"[가-힣]+|[A-Za-z0-9]+|[^가-힣A-Za-z0-9]+")
_COUNTED = re.compile(
    r"([0-9]+(?:년생|개월|주년|시간|학년|년|월|일|박|살|세|명|번|주|차|층|평|원|만원|키로|위))"
)
_HANGUL = re.compile(r"[가-힣]")


@lru_cache(maxsize=8192)
def segment(tag: str) -> tuple[str, ...]:
    """The normalised words of a hashtag; a single word if no boundary is found.

    Underscores, spaces and emoji are word boundaries. So is a change of script, except between a
    number and what it counts.
    """
    key = normalise(tag)
    written = unicodedata.normalize("NFKC", tag.replace("_", " "))
    words: list[str] = []
    for part in _COUNTED.split(written):
        words += [normalise(part)] if _COUNTED.fullmatch(part) else _words_of(part)
    words = [word for word in words if word]
    return tuple(words) if "".join(words) == key else _plain(key)


def prepare() -> None:
    """Load what segments hashtags now instead of with the first one; takes about a second.

    Call it before a process forks, so that its children share one copy.
    """
    korean.prepare()
    english.prepare()


def forget() -> None:
    """Empty the caches, so that a measurement starts cold."""
    for remembered in (segment, english.likeliest, korean.words_of):
        remembered.cache_clear()


def _plain(key: str) -> tuple[str, ...]:
    words = [word for word in _words_of(key) if word]
    return tuple(words) if "".join(words) == key else (key,)


def _words_of(text: str) -> list[str]:
    words: list[str] = []
    for run in _RUN.findall(text):
        if _HANGUL.match(run):
            words += korean.words_of(run)
        elif run.isascii() and run.isalnum():
            words += english.words_of(run)
        else:
            words.append(normalise(run))
    return words
