"""What strangers typed, as sentences quote it."""

from __future__ import annotations

import pytest

from rules.shown import hashtag, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a cat", "a cat"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u2066a\u2069\u200f\u061c", "a"),
        ("two\nlines\u2028more", "two lines more"),
        ("قطة", "قطة"),
    ],
)
def test_what_turns_or_breaks_a_sentence_is_left_out(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("tag", ["cat", "#cat", "##cat", "\u202e#cat"])
def test_a_hashtag_has_one_mark(tag: str) -> None:
    assert hashtag(tag) == "#cat"
