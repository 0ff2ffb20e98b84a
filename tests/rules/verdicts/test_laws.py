"""The laws of the rule language, a hundred cases each; five thousand in `make fuzz`."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules import Seen
from rules.verdicts.evaluate import evaluate, explain
from rules.verdicts.expression import And, AtLeast, Expression, Label, Not, Or, labels
from rules.verdicts.flip import smallest_change
from rules.verdicts.judge import truth
from rules.verdicts.kleene import Truth, at_least, conjunction, disjunction, negation
from rules.verdicts.parse import parse
from tests.rules.strategies import NAMES, expressions, sights, truths

Sight = dict[str, Seen]


@given(truths)
def test_negation_twice_is_nothing(a: Truth) -> None:
    assert negation(negation(a)) is a


@given(st.lists(truths))
def test_de_morgan(values: list[Truth]) -> None:
    assert negation(conjunction(values)) is disjunction(negation(v) for v in values)
    assert negation(disjunction(values)) is conjunction(negation(v) for v in values)


@given(st.lists(truths).flatmap(lambda v: st.tuples(st.just(v), st.permutations(v))))
def test_order_does_not_matter(pair: tuple[list[Truth], list[Truth]]) -> None:
    values, shuffled = pair
    assert conjunction(values) is conjunction(shuffled)
    assert disjunction(values) is disjunction(shuffled)


@given(truths, truths, truths)
def test_distribution(a: Truth, b: Truth, c: Truth) -> None:
    assert conjunction([a, disjunction([b, c])]) is disjunction(
        [conjunction([a, b]), conjunction([a, c])]
    )


@given(truths, truths)
def test_absorption(a: Truth, b: Truth) -> None:
    assert conjunction([a, disjunction([a, b])]) is a
    assert disjunction([a, conjunction([a, b])]) is a


@given(st.lists(truths, min_size=1))
def test_at_least_one_is_any_and_at_least_all_is_all(values: list[Truth]) -> None:
    assert at_least(1, values) is disjunction(values)
    assert at_least(len(values), values) is conjunction(values)


@given(expressions)
def test_printed_and_parsed_is_the_same(rule: Expression) -> None:
    assert parse(str(rule), NAMES) == rule


@given(expressions, sights)
def test_the_same_always_has_the_same_value(rule: Expression, sight: Sight) -> None:
    assert evaluate(rule, sight) is evaluate(parse(str(rule)), sight)
    assert explain(rule, sight)["value"] is evaluate(rule, sight)


@given(expressions, sights, st.data())
def test_what_is_certain_stays_so_when_more_becomes_known(
    rule: Expression, sight: Sight, data: st.DataObject
) -> None:
    value = evaluate(rule, sight)
    settled = {
        name: replace(seen, fact=data.draw(st.booleans())) if seen.fact is None else seen
        for name, seen in sight.items()
    }
    if value is not None:
        assert evaluate(rule, settled) is value


@given(expressions)
def test_with_nothing_seen_nothing_is_certain(rule: Expression) -> None:
    assert evaluate(rule, {}) is None


@given(expressions, sights)
def test_only_the_labels_of_a_rule_count(rule: Expression, sight: Sight) -> None:
    asked = {name: seen for name, seen in sight.items() if name in labels(rule)}
    assert evaluate(rule, asked) is evaluate(rule, sight)


@given(expressions, st.lists(sights, min_size=1, max_size=3), sights)
def test_another_photograph_never_takes_relevance_away(
    rule: Expression, images: list[Sight], more: Sight
) -> None:
    if truth(rule, images) is True:
        assert truth(rule, [*images, more]) is True


@given(expressions, st.lists(sights, min_size=1, max_size=2))
def test_the_change_that_is_named_does_change_the_verdict(
    rule: Expression, images: list[Sight]
) -> None:
    change = smallest_change(rule, images)
    if change is None:
        return
    changed = [dict(image) for image in images]
    for step in change:
        old = changed[step["image"]][step["label"]]
        changed[step["image"]][step["label"]] = replace(
            old, score=float(step["to"]), fact=step["to"]
        )
    assert truth(rule, changed) is not None
    assert truth(rule, changed) is not truth(rule, images)


def test_kleenes_tables() -> None:
    order: list[Truth] = [False, None, True]
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            assert conjunction([a, b]) is order[min(i, j)]
            assert disjunction([a, b]) is order[max(i, j)]


def test_how_rules_are_written() -> None:
    rule = Or((And((Label("adult"), Not(Label("child")))), AtLeast(2, (Label("a"), Label("b")))))
    assert str(rule) == "(adult and not child) or at least 2 of (a, b)"
