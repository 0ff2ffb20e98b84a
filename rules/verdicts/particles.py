"""Korean particles, which depend on the last sound of the word before them."""

from __future__ import annotations

from collections.abc import Sequence

_DIGITS_WITH_FINAL = set("013678lmnr")


def has_final(word: str) -> bool:
    """Whether a word ends in a consonant when it is read aloud in Korean."""
    last = word.rstrip("'\")’”")[-1:]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 != 0
    return last.lower() in _DIGITS_WITH_FINAL


def subject(word: str) -> str:
    """The word with 이 or 가."""
    return word + ("이" if has_final(word) else "가")


def listed(words: Sequence[str]) -> str:
    """Two words joined by 와 or 과; more of them by commas."""
    if len(words) != 2:
        return ", ".join(words)
    return f"{words[0]}{'과' if has_final(words[0]) else '와'} {words[1]}"
