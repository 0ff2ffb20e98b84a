"""Trains once without each part of the photographs, and once more on everything.

What a network says of the part it was trained without is the honest side: scores are calibrated
and thresholds chosen on sources that the network never saw, wherever a label has several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score
from tqdm import tqdm

from classifiers.heads import log_odds
from classifiers.runtime import embed
from training.backbones import Backbone
from training.finetune import Schedule, State, average, fine_tune
from training.folds import PARTS, Folds
from training.probe import fit_heads
from training.targets import Targets

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

# How much of the fine-tuned weights is kept; the rest is the pretrained network with linear heads.
SHARES = (0.7, 1.0)
CHUNK = 32


@dataclass(frozen=True)
class Sight:
    """The same photographs twice: ``exact`` as serving sees them, ``wide`` with room for crops."""

    exact: Bytes
    wide: Bytes

    def take(self, index: NDArray[np.intp]) -> Sight:
        """Some of the photographs."""
        return Sight(self.exact[index], self.wide[index])


@dataclass(frozen=True)
class Crossfitted:
    """``state`` is the network trained on everything; ``logits`` float32 [n, labels] are log-odds
    of each photograph by the network that was not trained on it; ``share`` is that of fine-tuning.
    """

    state: State
    logits: Floats
    share: float


def crossfit(
    network: Any,
    backbone: Backbone,
    sight: Sight,
    targets: Targets,
    folds: Folds,
    schedule: Schedule,
    last: Schedule,
) -> Crossfitted:
    """The final state and held-back log-odds. Without epochs only the linear heads are trained."""
    pretrained = tuple(np.asarray(array, np.float32) for array in network.get_weights())
    frozen = embeddings(network, backbone, sight.exact, "Embedding")
    shares = SHARES if schedule.epochs else (0.0,)
    logits = np.full((len(shares), *targets.truth.shape), np.nan, np.float32)
    tuned_states = []
    for part in range(PARTS):
        learn, held = np.flatnonzero(folds.part != part), np.flatnonzero(folds.part == part)
        probe = State(pretrained, *fit_heads(frozen[learn], targets.take(learn)))
        tuned = _tuned(network, backbone, probe, sight.take(learn), targets.take(learn), schedule)
        for place, share in enumerate(shares):
            state = average([tuned, probe], [share, 1 - share])
            seen = frozen[held] if share == 0 else None
            logits[place, held] = _logits(
                network, backbone, state, sight.exact[held], targets, seen
            )
        tuned_states.append(tuned)
    quality = [mean_precision(targets, each) for each in logits]
    best = int(np.argmax(quality))
    probe = State(pretrained, *fit_heads(frozen, targets))
    state = probe
    if schedule.epochs:
        middle = average(tuned_states, [1 / PARTS] * PARTS)
        tuned = _tuned(network, backbone, middle, sight, targets, last)
        state = average([tuned, probe], [shares[best], 1 - shares[best]])
    return Crossfitted(state, logits[best], shares[best])


def embeddings(network: Any, backbone: Backbone, pixels: Bytes, title: str) -> Floats:
    """float32 [n, dimension] of norm 1 from uint8 [n, size, size, 3]."""
    found = []
    for start in tqdm(range(0, len(pixels), CHUNK), desc=title, unit="batch"):
        chunk = pixels[start : start + CHUNK].astype(np.float32)
        features = network.predict_on_batch(chunk * backbone.scale + backbone.offset)
        found.append(embed(np.asarray(features).astype(np.float32)))
    return np.concatenate(found)


def mean_precision(targets: Targets, logits: Floats) -> float:
    """Average precision, averaged over the labels that photographs both show and lack."""
    found = []
    for column in range(len(targets.names)):
        truth = targets.truth[:, column]
        known = ~np.isnan(truth)
        if 0 < truth[known].sum() < known.sum():
            found.append(average_precision_score(truth[known], logits[known, column]))
    return float(np.mean(found))


def _tuned(
    network: Any,
    backbone: Backbone,
    start: State,
    sight: Sight,
    targets: Targets,
    schedule: Schedule,
) -> State:
    if not schedule.epochs:
        return start
    return fine_tune(network, backbone, start, sight.wide, targets, schedule, "Fine-tuning")


def _logits(
    network: Any,
    backbone: Backbone,
    state: State,
    pixels: Bytes,
    targets: Targets,
    known: Floats | None,
) -> Floats:
    if known is None:
        network.set_weights(state.backbone)
        known = embeddings(network, backbone, pixels, "Looking at held-back photographs")
    return log_odds(known @ state.kernel + state.bias, targets.scenes)
