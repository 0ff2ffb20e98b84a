"""Heads that listen to the strongest places find what is small in a large scene."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifiers.calibration import Platt
from classifiers.heads import Heads
from classifiers.pooling import places
from training.data.targets import Floats, Targets
from training.fit.places import Places
from training.fit.probe import Means

LABELS = ("food", "sea")
PLACES, DIMENSION = 12, 24
EVERYWHERE = (False, True)


def scenes(count: int, seed: int) -> tuple[Floats, Targets]:
    """Feature maps in which food is one place, and the sea is seen a little at each."""
    random = np.random.default_rng(seed)
    truth = (random.random((count, 2)) < 0.5).astype(np.float32)
    features = random.random((count, 3, 4, DIMENSION)).astype(np.float32)
    # The mean of the first number is alike with food and without.
    features[..., 0] = random.random((count, 1, 1)) * 2
    at = random.integers(0, 3, count), random.integers(0, 4, count)
    shown = truth[:, 0] > 0
    features[shown, :, :, 0] *= 0.6
    features[np.flatnonzero(shown), at[0][shown], at[1][shown], 0] += 3.0
    features[..., 1] += 0.5 * truth[:, None, None, 1]
    targets = Targets(LABELS, EVERYWHERE, truth, np.ones(count, np.float32))
    return places(features), replace(targets, scenes=(False, False))


def right(odds: Floats, targets: Targets) -> list[float]:
    return [float(one) for one in ((odds > 0) == (targets.truth > 0)).mean(axis=0)]


def test_what_is_small_is_found_where_the_mean_does_not_tell() -> None:
    (features, targets), (others, held) = scenes(500, 1), scenes(500, 2)
    sharp, mean = Places(features, 0.5), Means(features.mean(axis=1))
    food, sea = right(Places(others, 0.5).odds(*sharp.fit(targets), held.scenes), held)
    blurred, _ = right(Means(others.mean(axis=1)).odds(*mean.fit(targets), held.scenes), held)
    assert food > 0.9 > blurred
    assert sea > 0.9


def test_served_heads_say_what_was_fitted() -> None:
    features, targets = scenes(200, 3)
    seen = Places(features, 0.4)
    kernel, bias = seen.fit(targets)
    served = Heads(kernel, bias, (False, False), (Platt(), Platt()), (0.4, 0.4))
    assert served.logits(features[:, :, None]) == pytest.approx(
        seen.odds(kernel, bias, targets.scenes), abs=1e-4
    )


def test_what_is_unknown_is_not_learned_from() -> None:
    features, targets = scenes(300, 4)
    blank, lies = targets.truth.copy(), targets.truth.copy()
    blank[:150, 0] = np.nan
    lies[:150, 0] = 1 - lies[:150, 0]
    one = Places(features, 0.3).fit(replace(targets, truth=blank))
    known = np.arange(150, 300)
    only = Places(features, 0.3).take(known).fit(targets.take(known))
    assert one[0][:, 0] == pytest.approx(only[0][:, 0], rel=0.2, abs=2.0)


def test_a_strong_hold_keeps_heads_where_they_were() -> None:
    features, targets = scenes(200, 5)
    kernel = np.pad(np.full((DIMENSION, 2), 0.5, np.float32), ((0, 0), (0, 1)))
    held, _ = Places(features, 0.3).adapt(targets, kernel, np.zeros(3, np.float32), 1e4)
    assert held == pytest.approx(kernel, abs=1e-2)


def test_outputs_and_what_goes_back_agree() -> None:
    """The slope along a direction is that of the outputs along it."""
    features, _ = scenes(20, 6)
    seen, random = Places(features, 0.7), np.random.default_rng(7)
    kernel, step = (random.normal(size=(DIMENSION, 2)).astype(np.float32) for _ in range(2))
    slope = random.normal(size=(20, 2))
    outputs, back = seen.outputs(kernel)
    moved, _ = seen.outputs(kernel + 1e-3 * step)
    assert float((back(slope) * step).sum()) == pytest.approx(
        float((slope * (moved - outputs)).sum() / 1e-3), rel=2e-2
    )
