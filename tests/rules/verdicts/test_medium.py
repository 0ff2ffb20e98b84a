"""Videos in sentences: what was looked at, and when a label was seen."""

from __future__ import annotations

import pytest

from rules import Ruleset, Seen, Sight, judge, load_ruleset
from rules.verdicts.medium import Medium, medium_of, stamp
from rules.verdicts.replay import replay
from rules.verdicts.ruleset import DEFAULT

PHOTOGRAPH: Sight = {
    "cat": Seen(0.02, False),
    "food": Seen(0.02, False),
    "drink": Seen(0.02, False),
}
VIDEO: Sight = {
    "cat": Seen(0.98, True, at=67.9),
    "food": Seen(0.5, None, at=3.0),
    "drink": Seen(0.02, False, at=1.0),
}


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(DEFAULT, None)


def test_what_was_looked_at_has_its_name() -> None:
    assert medium_of([PHOTOGRAPH]) is Medium.PHOTOGRAPH
    assert medium_of([PHOTOGRAPH] * 2) is Medium.PHOTOGRAPHS
    assert medium_of([VIDEO]) is Medium.VIDEO
    assert medium_of([VIDEO] * 2) is Medium.VIDEOS
    assert medium_of([PHOTOGRAPH, VIDEO]) is Medium.BOTH


def test_a_time_is_named_for_what_was_seen_or_may_be_and_not_for_what_was_not() -> None:
    assert stamp(VIDEO["cat"]) == "1:07"
    assert stamp(VIDEO["food"]) == "0:03"
    assert stamp(VIDEO["drink"]) is None
    assert stamp(PHOTOGRAPH["cat"]) is None


def test_a_reason_says_when_in_both_languages(ruleset: Ruleset) -> None:
    (cat,) = judge(ruleset, ["고양이"], [PHOTOGRAPH, VIDEO]).verdicts
    assert cat.verdict == "relevant"
    assert "the photographs and videos show a cat at 1:07 (0.98)" in cat.reason["en"]
    assert "1:07에 고양이가 보여요(0.98)" in cat.reason["ko"]
    (food,) = judge(ruleset, ["맛집"], [VIDEO]).verdicts
    assert food.verdict == "uncertain"
    assert "the video may show food at 0:03 (0.50)" in food.reason["en"]


def test_a_decision_speaks_of_videos(ruleset: Ruleset) -> None:
    hidden = {name: Seen(0.02, False, at=1.0) for name in VIDEO}
    said = judge(ruleset, ["고양이"], [hidden]).reason
    assert said["en"] == "The video does not bear out #고양이."
    assert said["ko"].startswith("영상과 관련 없는")
    both = judge(ruleset, ["맛집"], [PHOTOGRAPH, VIDEO]).reason
    assert "photographs and videos bear out" in both["en"]


def test_a_stored_trace_has_the_time_and_gives_the_same_verdict(ruleset: Ruleset) -> None:
    (cat,) = judge(ruleset, ["고양이"], [VIDEO]).verdicts
    (rule,) = cat.trace["rules"].values()
    assert "'at': 67.9" in str(rule["images"])
    assert replay(cat.trace) == cat.verdict
    (still,) = judge(ruleset, ["고양이"], [PHOTOGRAPH]).verdicts
    assert "'at'" not in str(still.trace["rules"])
