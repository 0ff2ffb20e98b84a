"""A trace, stored as JSON, leads to the verdict it was stored with."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Ruleset, Seen, Verdict, judge, load_ruleset, replay
from rules.verdicts.evaluate import explain
from rules.verdicts.parse import parse
from rules.verdicts.ruleset import DEFAULT

TAGS = ["카페", "ootd", "연애", "일상", "고양이", "애견동반카페", "갈치조림", "쀍쀍", "여행", ""]


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load_ruleset(DEFAULT, None)


facts = st.sampled_from([True, False, None])


@pytest.mark.slow
@given(st.lists(st.lists(facts, min_size=13, max_size=13), max_size=3))
def test_replaying_gives_the_same(ruleset: Ruleset, images: list[list[bool | None]]) -> None:
    sights = [
        {name: Seen(0.5, fact, 0.8, 0.2) for name, fact in zip(ruleset.titles, image, strict=True)}
        for image in images
    ]
    for verdict in judge(ruleset, TAGS, sights).verdicts:
        assert replay(json.loads(json.dumps(verdict.trace))) is verdict.verdict


def test_a_guess_speaks_for_a_hashtag_and_never_against(ruleset: Ruleset) -> None:
    def verdict(fact: bool | None) -> Verdict:
        sight = {name: Seen(0.5, fact, 0.8, 0.2) for name in ruleset.titles}
        return judge(ruleset, ["갈치조림"], [sight]).verdicts[0].verdict

    assert verdict(True) is Verdict.RELEVANT
    assert verdict(False) is Verdict.UNVERIFIABLE
    assert verdict(None) is Verdict.UNVERIFIABLE


@pytest.mark.parametrize(
    "rule",
    [
        "food > 0.00001",
        "(b or c and " * 30 + "food" + ")" * 30,
        "food and b or " * 140 + "food",
        "not " * 30 + "food",
    ],
)
def test_a_rule_at_the_limits_can_be_replayed(rule: str) -> None:
    """Printed, as a trace holds it, it is longer and deeper than what may be written."""
    expression = parse(rule)
    seen = {"food": Seen(0.9, True), "b": Seen(0.1, False), "c": Seen(0.8, True)}
    tree = explain(expression, seen)
    trace = {
        "resolved": {"way": "lexicon"},
        "rules": {"x": {"rule": str(expression), "images": [tree]}},
    }
    assert replay(json.loads(json.dumps(trace))) is Verdict.RELEVANT


def test_what_is_no_trace_is_refused() -> None:
    with pytest.raises(KeyError):
        replay({})
