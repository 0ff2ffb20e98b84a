"""The words of the lexicon that must be added to kiwipiepy's dictionary: `python -m rules words`.

Finding them takes a second, so they are kept in a file beside the lexicon.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from rules.hashtags.korean import TAILS, TOLD, bare, hashtag_words

LONGEST_WORD = 6


def write_words() -> int:
    """Writes the file anew, after a change to the lexicon; returns how many words are in it."""
    words = unknown_words()
    TOLD.write_text("".join(f"{word}\n" for word in words), "utf-8")
    return len(words)


def unknown_words() -> list[str]:
    """The lexicon's words that kiwipiepy would split although each is one word, sorted."""
    keys, kiwi = hashtag_words(), bare()
    candidates = sorted(key for key in keys if len(key) <= LONGEST_WORD)
    analyses = {word: kiwi.tokenize(word) for word in candidates}
    single = {key for key, tokens in analyses.items() if len(tokens) == 1}
    found = [
        key
        for key, tokens in analyses.items()
        if key not in single
        and not key.endswith(TAILS)
        and _may_be_one(tokens)
        and not _is_compound(key, keys | single)
    ]
    return sorted(found)


def _may_be_one(tokens: Sequence[Any]) -> bool:
    """Whether an analysis looks wrong for a noun: it has one-letter parts, and no verb in it."""
    if any(token.tag[0] in "VEJ" for token in tokens):
        return False
    return any(token.len == 1 for token in tokens)


def _is_compound(key: str, words: Collection[str]) -> bool:
    return any(key[:cut] in words and key[cut:] in words for cut in range(2, len(key) - 1))
