"""Trains one network without each part of the photographs, and averages them into the final one.

Scores are calibrated, and thresholds chosen, on what each network says of the part that it was
trained without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from classifiers.heads import log_odds
from classifiers.pooling import embed
from training.data.folds import PARTS, Folds
from training.data.targets import Targets
from training.fit.backbones import Backbone
from training.fit.finetune import Schedule, State, average, fine_tune
from training.fit.probe import Means, Photographs, fit_heads
from training.fit.views import Sight

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Tune = Callable[[State, NDArray[np.intp], int], State]

# How much of the fine-tuned weights is kept; the rest is the pretrained network with linear heads.
# Between the two a network forgets less of what it knew of other photographs (Wortsman et al.
# 2022, WiSE-FT).
KEPT = 0.7
# Penalty on how far heads move when they are shown half of a source that they never saw.
ADAPTING = 3e-5
CHUNK = 32


@dataclass(frozen=True)
class Crossfitted:
    """The final ``state``, and held-back log-odds float32 [n, labels] of every photograph.

    ``new`` come from a network that was trained without the photograph's part; ``known`` from the
    same with heads that were shown other photographs of that part.
    """

    state: State
    new: Floats
    known: Floats


def crossfit(
    network: Any,
    backbone: Backbone,
    sight: Sight,
    targets: Targets,
    folds: Folds,
    schedule: Schedule,
) -> Crossfitted:
    """Fine-tunes ``network`` once a part; without epochs only the linear heads are trained."""

    def tune(start: State, learn: NDArray[np.intp], part: int) -> State:
        if not schedule.epochs:
            return start
        title = f"Fine-tuning {part + 1} of {PARTS}"
        own = replace(schedule, seed=schedule.seed + part)
        return fine_tune(
            network, backbone, start, sight.wide[learn], targets.take(learn), own, title
        )

    return crossfit_with(tune, network, backbone, sight.exact, targets, folds)


def crossfit_with(
    tune: Tune, network: Any, backbone: Backbone, pixels: Bytes, targets: Targets, folds: Folds
) -> Crossfitted:
    """The same with ``tune(start, rows to learn from, part)`` giving each part's network."""
    pretrained = tuple(np.asarray(array, np.float32) for array in network.get_weights())
    frozen = embeddings(network, backbone, pixels, "Embedding")
    new, known = np.zeros_like(targets.truth), np.zeros_like(targets.truth)
    states = []
    for part in range(PARTS):
        learn, held = np.flatnonzero(folds.part != part), np.flatnonzero(folds.part == part)
        probe = State(pretrained, *fit_heads(frozen[learn], targets.take(learn)))
        tuned = tune(probe, learn, part)
        state = average([tuned, probe], [KEPT, 1 - KEPT])
        seen = frozen[held]
        if tuned is not probe:
            network.set_weights(state.backbone)
            seen = embeddings(network, backbone, pixels[held], "Looking at what was held back")
        new[held] = log_odds(seen @ state.kernel + state.bias, targets.scenes)
        known[held] = with_half_known(Means(seen), targets.take(held), state)
        states.append(state)
    return Crossfitted(average(states, [1 / PARTS] * PARTS), new, known)


def embeddings(network: Any, backbone: Backbone, pixels: NDArray[Any], title: str) -> Floats:
    """float32 [n, dimension] of norm 1 from what the network takes, before it is scaled.

    For a whole backbone these are ``pixels`` uint8 [n, size, size, 3].
    """
    found = []
    for start in tqdm(range(0, len(pixels), CHUNK), desc=title, unit="batch"):
        chunk = pixels[start : start + CHUNK].astype(np.float32)
        features = network.predict_on_batch(chunk * backbone.scale + backbone.offset)
        found.append(embed(np.asarray(features).astype(np.float32)))
    return np.concatenate(found)


def with_half_known(seen: Photographs, targets: Targets, state: State) -> Floats:
    """Log-odds of each photograph by heads that were shown every other photograph of its part."""
    turn = np.random.default_rng(0).permutation(len(targets.truth)) % 2
    logits = np.zeros_like(targets.truth)
    for one in (0, 1):
        shown, held = np.flatnonzero(turn != one), np.flatnonzero(turn == one)
        kernel, bias = seen.take(shown).adapt(
            targets.take(shown), state.kernel, state.bias, ADAPTING
        )
        logits[held] = seen.take(held).odds(kernel, bias, targets.scenes)
    return logits
