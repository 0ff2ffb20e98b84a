"""The promise over 200 random resplits of one set of photographs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from tests.training.test_thresholds import drawn
from training.thresholds import Promise, choose

SPLITS = 200


@pytest.mark.parametrize("promise", [Promise(0.05, 0.95), Promise(0.02, 0.95), Promise(0.1, 0.9)])
def test_the_promise_holds_over_resplits(promise: Promise) -> None:
    """One part in twenty chooses the thresholds, the rest stands for all photographs there are.

    Violations may be as many as the promise allows, and what the binomial adds by chance in 99.9 of
    100 runs.
    """
    scores, truth = drawn(np.random.default_rng(11), 60_000)
    scores = np.where(truth > 0, scores**0.3, scores**3).astype(np.float32)
    random = np.random.default_rng(12)
    violations = stated = 0
    for _ in range(SPLITS):
        order = random.permutation(len(scores))
        chosen, rest = order[:3000], order[3000:]
        at = choose(scores[chosen], truth[chosen], promise).true_at
        if at is not None:
            stated += 1
            facts = scores[rest] >= at
            violations += bool((1 - truth[rest][facts]).mean() > promise.max_error)
    assert stated > SPLITS / 2
    assert violations <= binom.ppf(0.999, stated, 1 - promise.confidence)
