"""Plurals, spellings of loanwords, Korean in Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.hashtags.variants import index, other_spellings, romanised, singular, sound


@pytest.mark.parametrize(
    ("plural", "one"),
    [("cafes", "cafe"), ("puppies", "puppy"), ("dishes", "dish"), ("bus", None), ("꽃s", None)],
)
def test_singular(plural: str, one: str | None) -> None:
    forms = singular(plural)
    assert one in forms if one else forms == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("초콜렛", "초콜렏"),
        ("오렌지쥬스", "오렌지주스"),
        ("까푸치노", "카푸치노"),
        ("된장찌게", "된장찌개"),
        ("돈까쓰", "돈카스"),
    ],
)
def test_spellings_that_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("korean", "latin"),
    [
        ("떡볶이", "tteokbokki"),
        ("불고기", "bulgogi"),
        ("한라산", "hanrasan"),
        ("강아지", "gangaji"),
    ],
)
def test_romanised(korean: str, latin: str) -> None:
    assert romanised(korean) == latin


def test_what_two_words_share_leads_to_neither() -> None:
    known = index(["모래집", "모레집", "떡볶이"])
    assert other_spellings("tteokbokki", known) == ["떡볶이"]
    assert other_spellings("모래찝", known) == []


@given(st.text(max_size=30))
def test_any_text_has_an_answer(key: str) -> None:
    assert isinstance(singular(key), tuple)
    assert sound(key) is None or romanised(key)
