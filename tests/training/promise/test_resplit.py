"""Thresholds are measured on sources that did not choose them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.promise.calibrate import PLATT
from training.promise.holdout import HeldBack
from training.promise.resplit import apart, as_table, resplit
from training.promise.settle import HERE, NEW
from training.promise.thresholds import Promise

PROMISE = Promise(0.1, 0.9)
SOURCES, EACH = 60, 20


def held_back() -> HeldBack:
    """Sixty sources of twenty photographs, half of which show the first label and none the other.

    Log-odds of the first label part them, but for one photograph in a hundred."""
    random = np.random.default_rng(6)
    shown = np.tile([1.0, 0.0], SOURCES * EACH // 2).astype(np.float32)
    slipped = random.random(len(shown)) < 0.01
    odds = np.where((shown > 0) != slipped, 4.0, -4.0) + random.normal(0, 0.5, len(shown))
    truth = np.stack([shown, np.zeros_like(shown)], axis=1)
    logits = np.stack([odds, -np.abs(odds)], axis=1).astype(np.float32)
    names = tuple(f"camera {number}" for number in range(SOURCES) for _ in range(EACH))
    return HeldBack(logits, logits, truth, np.ones(len(shown), np.bool_), names, names)


def lying(held: HeldBack, *sources: str) -> HeldBack:
    """The same where photographs of some sources score high and do not show the first label."""
    there = np.isin(held.sources, sources)
    logits, truth = held.new.copy(), held.truth.copy()
    logits[there, 0], truth[there, 0] = 6.0, 0.0
    truth[np.flatnonzero(there)[0], 0] = 1.0
    return replace(held, new=logits, known=logits, truth=truth)


def test_what_holds_on_one_half_of_alike_sources_holds_on_the_other() -> None:
    food, sea = resplit(["food", "sea"], held_back(), [PROMISE] * 2, PLATT, splits=8, seed=1)
    assert (food.label, food.splits, food.kept) == ("food", 8, 1.0)
    assert food.wrong is not None
    assert food.wrong < 0.05
    assert food.stated is not None
    assert food.stated > 0.9
    assert (sea.splits, sea.wrong, sea.kept, sea.stated) == (0, None, None, None)


def test_the_same_seed_draws_the_same_halves_and_another_draws_others() -> None:
    def drawn(seed: int) -> object:
        return resplit(["food", "sea"], held_back(), [PROMISE] * 2, PLATT, splits=3, seed=seed)

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_source_that_is_kept_apart_does_not_choose_and_is_measured() -> None:
    held = lying(held_back(), "camera 3")
    food, _ = apart(["food", "sea"], held, [PROMISE] * 2, PLATT, frozenset({"camera 3"}))
    assert food.wrong == pytest.approx(1 - 1 / EACH)
    assert (food.splits, food.kept, food.stated) == (1, 0.0, 1.0)
    assert food.precision is not None
    honest, _ = apart(["food", "sea"], held, [PROMISE] * 2, PLATT, frozenset({"camera 4"}))
    assert honest.kept == 1.0


def test_what_shares_pictures_with_a_source_apart_does_not_choose_either() -> None:
    """Eight lying sources of one family: with seven of them, nothing could be stated."""
    family = [f"camera {number}" for number in range(8)]
    held = lying(held_back(), *family)
    asked = (["food", "sea"], held, [PROMISE] * 2, PLATT, frozenset(family[:1]))
    assert apart(*asked)[0].splits == 0
    families = tuple("film" if one in family else one for one in held.sources)
    together = (["food", "sea"], replace(held, families=families), *asked[2:])
    assert apart(*together)[0].splits == 1


def test_the_table_has_a_line_a_label_and_dashes_for_what_was_never_stated() -> None:
    rows = resplit(["food", "sea"], held_back(), [PROMISE] * 2, PLATT, splits=2, seed=1)
    food, sea = as_table(rows, {"food": NEW, "sea": HERE}).splitlines()[2:]
    assert food.startswith("| food | 2 | – | 0.0")
    assert food.endswith("| new sources |")
    assert sea == "| sea | 0 | – | – | – | – | these sources, each left out |"
