from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import Expression, labels
from rules.verdicts.infer import MOST_LABELS, Claim, infer
from rules.verdicts.parse import parse
from rules.verdicts.sight import Seen
from tests.rules.strategies import NAMES, expressions

PARENTS = {"cat": "animal", "dog": "animal"}


def _claims(*texts: str) -> list[Claim]:
    """``not: RULE`` is a claim that is false."""
    return [
        (parse(text.removeprefix("not: "), None), not text.startswith("not: ")) for text in texts
    ]


@pytest.mark.parametrize(
    ("claims", "given", "facts"),
    [
        (["child"], {}, {"child": True}),
        (["not: food or drink"], {}, {"food": False, "drink": False}),
        (["food or drink"], {}, {}),
        (["food or drink"], {"food": False}, {"food": False, "drink": True}),
        (["food or drink", "not: food"], {}, {"food": False, "drink": True}),
        (["adult and not child"], {}, {"adult": True, "child": False}),
        (["not: adult and not child"], {}, {}),
        (["not: adult and not child", "adult"], {}, {"adult": True, "child": True}),
        (["cat"], {}, {"cat": True, "animal": True}),
        (["not: animal"], {}, {"animal": False}),
        (["not: animal", "cat or sea"], {}, {"animal": False, "cat": False, "sea": True}),
        (["at least 2 of (food, drink)"], {}, {"food": True, "drink": True}),
        (["food >= 0.9"], {}, {}),
        (["food >= 0.9 and drink"], {}, {"drink": True}),
        ([], {"food": True}, {}),
    ],
)
def test_forced_facts(claims: list[str], given: dict[str, bool], facts: dict[str, bool]) -> None:
    assert infer(_claims(*claims), PARENTS, given) == facts


@pytest.mark.parametrize(
    ("claims", "given"),
    [
        (["food", "not: food"], {}),
        (["food or drink"], {"food": False, "drink": False}),
        (["cat", "not: animal"], {}),
    ],
)
def test_what_no_image_can_show(claims: list[str], given: dict[str, bool]) -> None:
    assert infer(_claims(*claims), PARENTS, given) is None


def test_claims_about_too_many_labels_force_nothing() -> None:
    rule = " and ".join(f"l{n}" for n in range(MOST_LABELS + 1))
    assert infer(_claims(rule), {}, {}) == {}


@pytest.mark.slow
@given(
    st.lists(st.tuples(expressions, st.booleans()), min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=len(NAMES), max_size=len(NAMES)),
    st.lists(st.floats(0, 1), min_size=len(NAMES), max_size=len(NAMES)),
)
def test_no_image_that_fits_the_claims_contradicts_them(
    rules: list[Claim], facts: list[bool], scores: list[float]
) -> None:
    image = {n: Seen(s, f) for n, f, s in zip(NAMES, facts, scores, strict=True)}
    claims = [(rule, bool(evaluate(rule, image))) for rule, _ in rules]
    forced = infer(claims, {}, {})
    assert forced is not None
    assert all(image[name].fact is value for name, value in forced.items())


@pytest.mark.slow
@given(st.lists(st.tuples(expressions, st.booleans()), min_size=1, max_size=3))
def test_without_comparisons_it_is_exactly_what_brute_force_finds(rules: list[Claim]) -> None:
    claims = [claim for claim in rules if ">" not in str(claim[0]) and "<" not in str(claim[0])]
    names = sorted({name for rule, _ in claims for name in labels(rule)})
    fitting = [
        dict(zip(names, facts, strict=True))
        for facts in product((True, False), repeat=len(names))
        if all(_value(rule, names, facts) is value for rule, value in claims)
    ]
    if not fitting:
        assert infer(claims, {}, {}) is None
        return
    forced = {n: fitting[0][n] for n in names if len({case[n] for case in fitting}) == 1}
    assert infer(claims, {}, {}) == forced


def _value(rule: Expression, names: list[str], facts: tuple[bool, ...]) -> bool | None:
    return evaluate(rule, {n: Seen(float(f), f) for n, f in zip(names, facts, strict=True)})
