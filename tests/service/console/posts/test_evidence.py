"""Which photographs bear a hashtag out, from the trace that screening stored."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from rules import Seen, Sight, judge
from rules.verdicts.ruleset import DEFAULT, load_ruleset
from service.console.posts.evidence import borne_out_by
from service.parts import Parts
from service.tables import Post
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor


def _sight(food: bool | None) -> Sight:
    names = ("food", "drink")
    return {name: Seen(0.5, food if name == "food" else False, 0.9, 0.1) for name in names}


@pytest.mark.parametrize(
    ("facts", "numbers", "expected"),
    [
        ((True, False), [1, 2], [1]),
        ((False, None, True), [1, 2, 4], [4]),  # the third could not be read
        ((False, None), [1, 2], []),
        ((True, True), [1, 2, 3], []),  # judged when another number of photographs was there
    ],
)
def test_the_photographs_whose_facts_make_the_rule_true(
    facts: tuple[bool | None, ...], numbers: list[int], expected: list[int]
) -> None:
    judged = judge(load_ruleset(DEFAULT, None), ["카페"], [_sight(fact) for fact in facts])
    assert borne_out_by(judged.verdicts[0].trace, numbers) == expected


def test_a_verdict_without_a_rule_names_none() -> None:
    assert borne_out_by({}, [1, 2]) == []


def test_the_card_names_the_photograph_by_the_number_that_the_page_gives_it(
    mina: Visitor, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    row = add_post(parts, "p-1", {"카페": "relevant"}, (jpeg(seed=1), None, jpeg(seed=2)))
    judged = judge(load_ruleset(DEFAULT, None), ["카페"], [_sight(False), _sight(True)])
    trace = judged.verdicts[0].trace
    with parts.sessions.begin() as session:
        session.get_one(Post, row).verdicts[0].trace = dict(trace)
    page = mina.get(f"/posts/{row}").text
    assert re.findall(r'href="#photograph-(\d)"[^>]*data-bears', page) == ["3"]
