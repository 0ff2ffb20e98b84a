"""Where the words of hashtags begin and end, in either language and in both at once."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import normalise
from rules.hashtags.english import likeliest
from rules.hashtags.segment import prepare, segment


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("#성수동카페", "성수동 카페"),
        ("애견동반카페", "애견 동반 카페"),
        ("부산흑돼지맛집", "부산 흑돼지 맛집"),
        ("강릉가볼만한곳", "강릉 가볼만한곳"),
        ("네일스타그램", "네일 스타그램"),
        ("행복한하루", "행복한 하루"),
        ("먹스타그램", "먹 스타그램"),
        ("인스타그램", "인스타그램"),
        ("산책해요", "산책해요"),
        ("걱정하지마세요", "걱정하지 마세요"),
        ("부산쀍쁅뽉", "부산 쀍쁅뽉"),
        ("12월여행", "12월 여행"),
        ("2019년생아기", "2019년생 아기"),
        ("고양이_사진", "고양이 사진"),
        ("서울cafe투어", "서울 cafe 투어"),
        ("naturelover", "nature lover"),
        ("ilovemydog", "i love my dog"),
        ("TheOfficeParty", "the office party"),
        ("McDonaldFarm", "mcdonald farm"),
        ("iPhone", "iphone"),
        ("myYouTubeChannel", "my youtube channel"),
        ("NASAlaunch", "nasa launch"),
        ("NASALaunch", "nasa launch"),
        ("newyorkstreets", "new york streets"),
        ("DIYs", "diys"),
        ("cvpr24", "cvpr 24"),
        ("summer2024", "summer 2024"),
        ("90s", "90s"),
        ("g7", "g7"),
        ("NYC", "nyc"),
        ("x1y2z3a4b5c6", "x 1 y 2 z 3 a 4 b 5 c 6"),
        ("チェジュ", "チェジュ"),
        ("", ""),
    ],
)
def test_words(tag: str, words: str) -> None:
    assert " ".join(segment(tag)) == words


@given(st.text(max_size=60))
def test_the_words_are_the_normalised_hashtag(tag: str) -> None:
    assert "".join(segment(tag)) == normalise(tag)


@given(st.text("abc가나다_1 ", max_size=60))
def test_no_word_is_empty_unless_the_hashtag_is(tag: str) -> None:
    assert all(segment(tag)) or normalise(tag) == ""


def test_a_very_long_hashtag_ends() -> None:
    assert segment("ab가" * 5000)


def test_memory_for_long_text_grows_with_its_length_alone() -> None:
    """With a copy of the words in each sequence that is weighed, these letters take 40 MB, and a
    hundred thousand that somebody pastes would take all that there is."""
    prepare()
    tracemalloc.start()
    try:
        words = likeliest("abcdefgh" * 150)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "".join(words) == "abcdefgh" * 150
    assert most < 4 * 2**20
