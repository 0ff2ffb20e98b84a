from __future__ import annotations

import pytest

from items.words import LONGEST, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Matrix, 1999!", ["the", "matrix", "1999"]),
        ("Amélie café", ["amelie", "cafe"]),
        ("O'Brien's", ["brien"]),
        ("", []),
        ("★ ♥ ?", []),
        ("마녀가 바다에서 노래한다", ["마녀", "바다", "노래"]),
        ("해리 Potter와 마법사", ["해리", "potter", "마법사"]),
    ],
)
def test_words_are_those_that_count(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_syllables_that_are_written_apart_are_the_same_word() -> None:
    assert words("\u1107\u1161\u1103\u1161") == words("바다") == ["바다"]


def test_a_text_without_end_is_read_up_to_a_bound() -> None:
    assert len(words("word " * LONGEST)) == LONGEST // 5
