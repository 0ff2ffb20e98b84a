"""One spelling for every way of writing the same hashtag."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import normalise


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("#카페", "카페"),
        (unicodedata.normalize("NFD", "카페"), "카페"),
        ("＃ＣＡＦＥ", "cafe"),
        ("OOTD", "ootd"),
        ("coffee_time", "coffeetime"),
        ("카페☕️", "카페"),
        ("love❤️‍🔥", "love"),
        ("카\u200b페\u200d", "카페"),
        ("ﬁtness", "fitness"),
        ("Straße", "strasse"),
        ("café", "café"),
        ("", ""),
        ("🍰🍰", ""),
        ("#", ""),
        ("2026", "2026"),
    ],
)
def test_spellings_meet(written: str, normalised: str) -> None:
    assert normalise(written) == normalised


@given(st.text())
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=20))
def test_every_decomposed_korean_word_meets_its_twin(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(text) == text
