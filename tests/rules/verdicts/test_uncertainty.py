from __future__ import annotations

import pytest

from rules.verdicts.parse import parse
from rules.verdicts.sight import Seen, Sight
from rules.verdicts.uncertainty import uncertainty


def _sight(**scores: float) -> Sight:
    return {name: Seen(score, None) for name, score in scores.items()}


@pytest.mark.parametrize(
    ("rule", "scores", "open_"),
    [
        ("food", {"food": 0.5}, 1.0),
        ("food", {"food": 0.0}, 0.0),
        ("food", {"food": 1.0}, 0.0),
        ("food", {"food": 0.25}, 0.5),
        ("not food", {"food": 0.25}, 0.5),
        ("food or drink", {"food": 0.1, "drink": 0.5}, 1.0),
        ("food and drink", {"food": 0.1, "drink": 0.5}, 0.2),
        ("at least 2 of (food, drink, adult)", {"food": 1.0, "drink": 0.5, "adult": 0.0}, 1.0),
        ("food >= 0.9", {"food": 0.5}, 0.0),
        ("food", {}, 1.0),
    ],
)
def test_how_open_a_claim_is(rule: str, scores: dict[str, float], open_: float) -> None:
    assert uncertainty(parse(rule), [_sight(**scores)]) == pytest.approx(open_)


def test_the_image_that_bears_it_out_best_decides() -> None:
    images = [_sight(food=0.5), _sight(food=0.9)]
    assert uncertainty(parse("food"), images) == pytest.approx(0.2)


def test_without_an_image_everything_is_open() -> None:
    assert uncertainty(parse("food"), []) == 1.0
