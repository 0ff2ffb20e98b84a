"""How likely words and pairs of words are."""

from __future__ import annotations

from rules.hashtags.frequencies import frequencies


def test_a_common_word_is_likelier_than_a_rare_one_and_that_than_a_name() -> None:
    table = frequencies()
    assert table.alone("house") > table.alone("hovel") > table.alone("hqvzl")


def test_a_longer_name_is_less_likely() -> None:
    assert frequencies().alone("qzvkxj") > frequencies().alone("qzvkxjw")


def test_a_pair_is_held_only_where_it_says_more_than_its_words() -> None:
    table = frequencies()
    pairs = list(table.pairs.items())[:5000]
    assert all(score > table.alone(pair.split()[1]) for pair, score in pairs)


def test_what_is_mostly_written_apart_is_no_word() -> None:
    words = frequencies().words
    assert "newyork" not in words
    assert "football" in words
