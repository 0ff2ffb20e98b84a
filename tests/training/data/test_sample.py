"""No source outweighs the others in a draw."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from training.data.photo import Photo
from training.data.sample import draw

PHOTOS = [
    Photo(Path(f"{source}{number}"), frozenset({label}), source, name=f"{source}{number}{label}")
    for source, count in (("large", 900), ("small", 20))
    for label in ("food", "drink")
    for number in range(count)
]


def test_each_source_and_label_is_drawn_from_alike() -> None:
    found = Counter((one.source, *one.labels) for one in draw(PHOTOS, 30, seed=0))
    assert found == {
        ("large", "food"): 30,
        ("large", "drink"): 30,
        ("small", "food"): 20,
        ("small", "drink"): 20,
    }


def test_a_larger_draw_holds_the_smaller_one() -> None:
    few, more = ({one.name for one in draw(PHOTOS, most, seed=0)} for most in (10, 30))
    assert few < more


def test_another_seed_draws_others() -> None:
    one, other = ({p.name for p in draw(PHOTOS, 10, seed=seed)} for seed in (0, 1))
    assert one != other


def test_without_a_limit_all_are_taken() -> None:
    assert draw(PHOTOS, None, seed=0) == PHOTOS
