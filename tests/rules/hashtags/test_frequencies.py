"""How likely words and pairs of words are, as the stored table says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rules.hashtags.frequencies import frequencies, of_name


def test_a_common_word_is_likelier_than_a_rare_one_and_that_than_a_name() -> None:
    table = frequencies()
    assert table.after("", "house") > table.after("", "hovel") > table.after("", "hqvzl")


def test_a_longer_name_is_less_likely() -> None:
    assert frequencies().after("", "qzvkxj") > frequencies().after("", "qzvkxjw")


def test_behind_a_word_that_often_precedes_it_a_word_is_likelier() -> None:
    table = frequencies()
    assert table.after("new", "york") > table.after("", "york")
    assert table.after("qzvkxj", "york") == table.after("", "york")


def test_what_is_mostly_written_apart_is_no_word() -> None:
    table = frequencies()
    assert not table.is_word("newyork")
    assert table.is_word("football")


@pytest.mark.parametrize("before", ["", "new", "of", "qzvkxj"])
@pytest.mark.parametrize("letters", ["yorkstreet", "thea", "qzvkxjwqqzvkxjwqqzvkxjwq", "u"])
def test_all_beginnings_at_once_score_as_each_by_itself(before: str, letters: str) -> None:
    table = frequencies()
    found = table.beginnings_after(before, letters, table.beginnings(letters))
    each = [table.after(before, letters[:length]) for length in range(1, len(letters) + 1)]
    assert found == [of_name(0), *each]


def test_many_threads_read_the_same_scores() -> None:
    table = frequencies()
    asked = [("new", "york"), ("", "house"), ("", "qzvkxj"), ("of", "the")] * 500
    alone = [table.after(*pair) for pair in asked]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda pair: table.after(*pair), asked)) == alone
