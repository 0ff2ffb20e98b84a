"""Many images at once give what one image at a time gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Seen, Sights, any_image, evaluate_many
from rules.verdicts.batch import CODES
from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import Expression
from rules.verdicts.judge import truth
from rules.verdicts.parse import parse
from tests.rules.strategies import NAMES, expressions, sights


def together(images: list[dict[str, Seen]]) -> Sights:
    facts = [[CODES[i[n].fact] if n in i else CODES[None] for n in NAMES] for i in images]
    scores = [[i[n].score if n in i else np.nan for n in NAMES] for i in images]
    shape = (len(images), len(NAMES))
    return Sights(
        NAMES, np.reshape(np.array(facts, np.int8), shape), np.reshape(np.array(scores), shape)
    )


@given(expressions, st.lists(sights, max_size=5))
def test_the_same_as_one_by_one(rule: Expression, images: list[dict[str, Seen]]) -> None:
    values = evaluate_many(rule, together(images))
    assert values.tolist() == [CODES[evaluate(rule, image)] for image in images]


@pytest.mark.slow
@given(expressions, st.lists(st.lists(sights, max_size=3), min_size=1, max_size=4))
def test_a_post_is_true_where_any_of_its_images_is(
    rule: Expression, posts: list[list[dict[str, Seen]]]
) -> None:
    flat = [image for images in posts for image in images]
    owner = np.array([n for n, images in enumerate(posts) for _ in images], np.int64)
    values = any_image(evaluate_many(rule, together(flat)), owner, len(posts))
    assert values.tolist() == [CODES[truth(rule, images)] for images in posts]


def test_a_label_without_a_column_is_unknown() -> None:
    images = together([{}, {}])
    assert evaluate_many(parse("dog or dog > 0.5", None), images).tolist() == [1, 1]


def test_a_score_at_the_number_is_not_rounded_away() -> None:
    images = together([{"food": Seen(0.9, None)}])
    assert images.scores.dtype == np.float64
    assert evaluate_many(parse("food >= 0.9"), images).tolist() == [2]
