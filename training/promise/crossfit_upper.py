"""Cross-fits the upper layers of a network as they will be served.

As ``training.promise.crossfit``: one network without each part of the photographs, and their
average as the final one. Here each of them is exported, and quantised if asked, before it looks at
what was held back, so that what is measured of a network is what it says when it serves. Heads are
those that learned with the layers: heads fitted anew to layers that know the photographs tell those
apart too easily, and are worse on others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from classifiers.heads import log_odds
from training.data.folds import PARTS, Folds
from training.data.photo import Photo
from training.data.targets import Targets
from training.fit.aside import aside
from training.fit.embed import embed_photos
from training.fit.finetune import Schedule, State, average
from training.fit.frozen import Frozen, kept
from training.fit.probe import Means, fit_heads
from training.fit.quantise import quantised
from training.fit.upper import TUNED, Maps, fine_tune_upper, upper_part
from training.promise.crossfit import KEPT, Crossfitted, embeddings, with_half_known

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Serving:
    """How networks will be served: the Keras ``network`` whose upper layers change after ``layer``,
    the ``photos`` to be looked at, and whether in eight-bit integers."""

    network: Any
    layer: str
    start: Frozen
    photos: Sequence[Photo]
    int8: bool
    seed: int
    cache: Path

    def with_layers(self, arrays: Sequence[Floats]) -> Frozen:
        """The network with these upper layers, from the cache where it is there."""
        digest = hashlib.sha256(self.start.folder.name.encode())
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())

        def build() -> Any:
            upper_part(self.network, self.layer).set_weights(arrays)
            return self.network

        made = kept(self.start.backbone, self.start.size, digest.hexdigest(), self.cache, build)
        if not self.int8:
            return made
        return quantised(made, self.start.size, self.photos, self.seed, self.cache)


def crossfit_upper(
    serving: Serving,
    learner: Any,
    lower: Frozen,
    maps: Maps,
    targets: Targets,
    folds: Folds,
    schedule: Schedule,
) -> tuple[Frozen, Crossfitted]:
    """The final network as it serves, with its heads and the held-back log-odds of each photograph.

    ``learner`` is the upper part to train, in the precision to train in. What a part learned is
    kept beside the maps, in the folder of ``lower``, so that a run that was stopped goes on.
    """
    pretrained = tuple(np.asarray(array, np.float32) for array in learner.get_weights())
    as_they_are = replace(serving.start.backbone, scale=1.0, offset=0.0)
    before = embeddings(learner, as_they_are, maps.features[0], "Embedding")
    new, known = np.zeros_like(targets.truth), np.zeros_like(targets.truth)
    states = []
    for part in range(PARTS):
        rows, held = np.flatnonzero(folds.part != part), np.flatnonzero(folds.part == part)
        probe = State(pretrained, *fit_heads(before[rows], targets.take(rows)))
        own = Schedule(schedule.epochs, schedule.rate, schedule.decay, schedule.seed + part)
        path = lower.folder / f"{TUNED}{_key(maps, probe, rows, targets.weights, own)}.safetensors"
        tuned = _read(path, probe)
        if tuned is None:
            title = f"Fine-tuning {part + 1} of {PARTS}"
            tuned = fine_tune_upper(learner, probe, maps, rows, targets, own, title)
            _write(path, tuned)
        state = average([tuned, probe], [KEPT, 1 - KEPT])
        out = [photo for photo, one in zip(serving.photos, folds.part == part, strict=True) if one]
        seen = embed_photos(out, serving.with_layers(state.backbone)).embeddings
        new[held] = log_odds(seen @ state.kernel + state.bias, targets.scenes)
        known[held] = with_half_known(Means(seen), targets.take(held), state)
        states.append(state)
    final = average(states, [1 / PARTS] * PARTS)
    return serving.with_layers(final.backbone), Crossfitted(final, new, known)


def _key(
    maps: Maps, start: State, rows: NDArray[np.intp], weights: Floats, schedule: Schedule
) -> str:
    digest = hashlib.sha256(repr((schedule, maps.names)).encode())
    for array in (start.kernel, rows, weights, *maps.truth):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _write(path: Path, state: State) -> None:
    arrays = {str(number): array for number, array in enumerate(state.backbone)}
    with aside(path) as half:
        half.write_bytes(save({**arrays, "kernel": state.kernel, "bias": state.bias}))


def _read(path: Path, like: State) -> State | None:
    """What was kept; None where it was not, or cannot be read: it is only a cache."""
    try:
        found = load_file(path)
        arrays = tuple(found[str(number)] for number in range(len(like.backbone)))
        return State(arrays, found["kernel"], found["bias"])
    except (OSError, KeyError, ValueError, SafetensorError):
        return None
