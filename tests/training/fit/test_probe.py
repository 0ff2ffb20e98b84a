"""Linear heads learn what is known, and only that."""

from __future__ import annotations

import numpy as np

from classifiers.heads import log_odds
from training.data.targets import Floats, Targets
from training.fit.probe import adapt_heads, fit_heads, scene_choices


def cloud(count: int = 400, seed: int = 1) -> tuple[Floats, Targets]:
    """Embeddings whose first two numbers tell an object and a scene."""
    random = np.random.default_rng(seed)
    truth = (random.random((count, 2)) < 0.5).astype(np.float32)
    raw = random.normal(size=(count, 8)) + 4 * np.pad(2 * truth - 1, ((0, 0), (0, 6)))
    embeddings = (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)
    return embeddings, Targets(("food", "sea"), (False, True), truth, np.ones(count, np.float32))


def test_objects_and_scenes_are_learned() -> None:
    embeddings, targets = cloud()
    kernel, bias = fit_heads(embeddings, targets)
    assert kernel.shape == (8, 3)
    odds = log_odds(embeddings @ kernel + bias, targets.scenes)
    assert ((odds > 0) == (targets.truth > 0)).mean() > 0.98


def test_what_is_unknown_is_not_learned_from() -> None:
    embeddings, targets = cloud()
    lies = targets.truth.copy()
    lies[:200, 0] = np.nan
    wrong = lies.copy()
    wrong[:200, 0] = 1 - targets.truth[:200, 0]
    blank = Targets(targets.names, targets.scenes, lies, targets.weights)
    kernel, bias = fit_heads(embeddings, blank)
    only, _ = fit_heads(embeddings[200:], targets.take(np.arange(200, 400)))
    odds = log_odds(embeddings @ kernel + bias, targets.scenes)
    assert ((odds[:, 0] > 0) == (targets.truth[:, 0] > 0)).mean() > 0.97
    assert np.allclose(kernel[:, 0], only[:, 0], atol=0.3)


def test_a_photograph_is_its_scenes_or_none_or_one_nothing_is_known_of() -> None:
    truth = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0], [0, np.nan, 0], [0, np.nan, 1]], np.float32)
    targets = Targets(("a", "b", "c"), (False, True, True), truth, np.ones(5, np.float32))
    assert scene_choices(targets).tolist() == [
        [0, 0, 1],
        [1, 1, 0],
        [0, 0, 1],
        [1, 0, 1],
        [0, 1, 0],
    ]


def test_a_scene_nothing_is_known_of_is_not_learned_as_absent() -> None:
    embeddings, targets = cloud()
    blank = targets.truth.copy()
    blank[:200, 1] = np.nan
    some = Targets(targets.names, targets.scenes, blank, targets.weights)
    kernel, bias = fit_heads(embeddings, some)
    odds = log_odds(embeddings @ kernel + bias, targets.scenes)
    assert ((odds[:, 1] > 0) == (targets.truth[:, 1] > 0)).mean() > 0.97


def test_a_strong_hold_keeps_heads_where_they_were() -> None:
    embeddings, targets = cloud()
    kernel = np.full((8, 3), 0.5, np.float32)
    same, _ = adapt_heads(embeddings, targets, kernel, np.zeros(3, np.float32), 1e4)
    assert np.allclose(same, kernel, atol=1e-2)
