"""Korean particles, which depend on the last sound of the word before them."""

from __future__ import annotations

_DIGITS_WITH_FINAL = set("013678lmnr")


def has_final(word: str) -> bool:
    """Whether a word ends in a consonant when it is read aloud in Korean."""
    last = word.rstrip("'\")")[-1:]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 != 0
    return last.lower() in _DIGITS_WITH_FINAL


def topic(word: str) -> str:
    """The word with 은 or 는."""
    return word + ("은" if has_final(word) else "는")


def subject(word: str) -> str:
    """The word with 이 or 가."""
    return word + ("이" if has_final(word) else "가")


def listed(words: list[str]) -> str:
    """Words joined by 와 or 과."""
    joined = words[0] if words else ""
    for word in words[1:]:
        joined += ("과 " if has_final(joined) else "와 ") + word
    return joined
