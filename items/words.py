"""The words of a text in English or Korean, in the form in which they are counted."""

from __future__ import annotations

import re
import unicodedata

from rules.hashtags.korean import nouns_of

_RUN = re.compile(r"[a-z0-9]{2,}|[가-힣]+")
# A caption may be long; what comes after this many characters changes a vector hardly at all.
LONGEST = 20_000


def words(text: str) -> list[str]:
    """Words in the order in which they stand; of Korean the nouns, by kiwipiepy.

    Case, accents and one-letter words are dropped: what stays of "O'Brien's" is "brien".
    """
    found: list[str] = []
    for run in _RUN.findall(_plain(text[:LONGEST])):
        if run[0] >= "가":
            found += [noun for noun, _ in nouns_of(run)]
        else:
            found.append(run)
    return found


def _plain(text: str) -> str:
    """Lower case, without accents; Hangul in whole syllables."""
    apart = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return unicodedata.normalize("NFKC", bare)
