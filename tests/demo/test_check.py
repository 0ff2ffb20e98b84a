"""The comparison says what is right, what was left to a moderator, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.tagsift_client import Tagsift, TagsiftError
from demo.check import Comparison, ask, compare, main, table
from tests.clients.conftest import Platform

EXPECTED = {
    "p-1": {"decision": "pass", "hashtags": {"카페": "relevant", "일상": "unverifiable"}},
    "p-2": {"decision": "flag", "hashtags": {"ootd": "irrelevant"}},
}
ANSWERS = {
    "p-1": {
        "decision": "review",
        "hashtags": [
            {"tag": "카페", "verdict": "uncertain"},
            {"tag": "일상", "verdict": "unverifiable"},
        ],
    },
    "p-2": {"decision": "pass", "hashtags": [{"tag": "ootd", "verdict": "relevant"}]},
}


@pytest.mark.parametrize(
    ("expected", "got", "mark"),
    [
        ("relevant", "relevant", "right"),
        ("uncertain", "uncertain", "right"),
        ("relevant", "uncertain", "unsure"),
        ("flag", "review", "unsure"),
        ("uncertain", "relevant", "wrong"),
        ("irrelevant", "relevant", "wrong"),
        ("relevant", "no answer", "wrong"),
    ],
)
def test_the_mark_of_an_answer(expected: str, got: str, mark: str) -> None:
    assert Comparison("p", "카페", expected, got).mark == mark


def test_every_hashtag_and_every_decision_is_compared() -> None:
    assert [(line.tag, line.mark) for line in compare(EXPECTED, ANSWERS)] == [
        ("카페", "unsure"),
        ("일상", "right"),
        (None, "unsure"),
        ("ootd", "wrong"),
        (None, "wrong"),
    ]


def test_a_post_without_an_answer_is_wrong_and_not_left_out() -> None:
    lines = compare(EXPECTED, {})
    assert len(lines) == 5
    assert {line.mark for line in lines} == {"wrong"}


def test_a_post_that_the_service_does_not_know_does_not_hide_the_others(
    server: Platform, tagsift: Tagsift
) -> None:
    server.answer(404, {"title": "No such post"})
    server.answer(200, ANSWERS["p-2"])
    assert ask(tagsift, EXPECTED) == {"p-2": ANSWERS["p-2"]}
    server.answer(401, {"title": "No such key"})
    with pytest.raises(TagsiftError, match="No such key"):
        ask(tagsift, EXPECTED)


def test_the_table_ends_with_the_totals() -> None:
    assert table(compare(EXPECTED, ANSWERS)).splitlines()[-2:] == [
        "verdicts: 1 of 3 right, 1 unsure, 1 wrong",
        "decisions: 0 of 2 right, 1 unsure, 1 wrong",
    ]


def test_a_missing_settings_file_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--env", str(tmp_path / "tagsift.env")]) == 1
    assert "tagsift.env cannot be read" in capsys.readouterr().err
