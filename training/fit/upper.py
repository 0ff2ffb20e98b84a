"""The layers after one of a backbone's, trained on what the layers before it make of photographs.

The lower layers of a pretrained network see edges and textures, which serve for any photograph, and
take most of the time. Their feature maps are computed once for each view and kept in the cache; an
epoch of training then takes a small part of what it takes end to end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from training.data.targets import Targets
from training.errors import TrainingError
from training.fit.arrays import write_array
from training.fit.finetune import BATCH, Schedule, State, learn, pack, start_random
from training.fit.frozen import Frozen
from training.fit.network import Computed
from training.fit.views import CHUNK, Sight, View

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Rows = NDArray[np.intp]

# Each photograph whole, cut out twice and in a mosaic; an epoch takes one of them at random.
VIEWS = (View("whole", 0), View("cut", 1), View("cut", 2), View("mosaic", 3))
MAPS = "maps-"  # what the files of feature maps in the cache are called
TUNED = "tuned-"  # and of what upper layers learned


@dataclass(frozen=True)
class Maps:
    """What the lower layers make of each view of all photographs, and what the view shows.

    ``features`` are float16 [n, h, w, channels] in files of these ``names``, ``truth`` as in
    ``Targets``.
    """

    names: tuple[str, ...]
    features: tuple[Halves, ...]
    truth: tuple[Floats, ...]


def lower_part(network: Any, layer: str) -> Any:
    """A Keras model from pixels to the feature maps of a layer."""
    import keras

    return keras.Model(network.input, _layer(network, layer).output)


def upper_part(network: Any, layer: str) -> Any:
    """A Keras model from the feature maps of a layer to those of the backbone.

    It shares its variables with ``network``.
    """
    import keras

    return keras.Model(_layer(network, layer).output, network.output)


def _layer(network: Any, layer: str) -> Any:
    named = [one.name for one in network.layers]
    if layer not in named[1:-1]:
        inner = [name for name in named[1:-1] if name.startswith(("mixed", "block", "conv"))]
        raise TrainingError(
            f"The network has no layer {layer!r} before its last: --train-from takes the name of "
            f"one, say {(inner or named[1:-1])[-1]}."
        )
    return network.get_layer(layer)


def maps_of(lower: Frozen, sight: Sight, targets: Targets, precision: Computed) -> Maps:
    """The feature maps of all views, computed where the cache lacks them.

    ``lower`` is the exported lower part; its folder holds the maps. A view of a photograph takes
    about 300 kB, for InceptionV3 after ``mixed5`` at 256 pixels.
    """
    # These photographs in this order: a mosaic's neighbours depend on it.
    digest = hashlib.sha256(sight.exact.data).hexdigest()
    files = [_kept(lower, view, sight, digest, precision) for view in VIEWS]
    features = tuple(np.load(file, mmap_mode="r") for file in files)
    truth = tuple(view.truth(targets) for view in VIEWS)
    return Maps(tuple(file.name for file in files), features, truth)


def _kept(lower: Frozen, view: View, sight: Sight, digest: str, precision: Computed) -> Path:
    key = hashlib.sha256(repr((view, digest, precision)).encode()).hexdigest()[:16]
    path = lower.folder / f"{MAPS}{key}.npy"
    if path.is_file():
        return path
    look = lower.feature_maps(precision=precision)
    count = len(sight.exact)
    batches = tqdm(view.pixels(sight), f"Looking ({view.kind})", -(-count // CHUNK), unit="batch")
    write_array(path, count, (look(pixels).astype(np.float16) for pixels in batches))
    return path


def fine_tune_upper(
    network: Any,
    start: State,
    maps: Maps,
    rows: Rows,
    targets: Targets,
    schedule: Schedule,
    title: str,
) -> State:
    """Trains every layer but batch norm of ``network``, an upper part, on some photographs.

    ``targets`` are those of all photographs of the maps.
    """
    start_random(schedule.seed)
    packed = tuple(
        pack(Targets(targets.names, targets.scenes, truth, targets.weights)) for truth in maps.truth
    )
    weights = targets.weights[rows] / targets.weights[rows].mean()
    data = _batches(maps.features, packed, rows, weights, schedule.seed)
    return learn(network, start, data, len(rows), targets, schedule, title)


def _batches(
    features: Sequence[Halves], packed: Sequence[Floats], rows: Rows, weights: Floats, seed: int
) -> Any:
    """A tf.data set of (maps, packed targets, weights): each epoch each row once, by any view."""
    import tensorflow as tf

    def fetch(places: NDArray[np.int64], drawn: NDArray[np.int64]) -> tuple[Halves, Floats, Floats]:
        chosen = list(zip(drawn % len(features), rows[places], strict=True))
        return (
            np.stack([features[view][row] for view, row in chosen]),
            np.stack([packed[view][row] for view, row in chosen]),
            weights[places],
        )

    def one(places: Any, drawn: Any) -> Any:
        maps, wanted, weight = tf.numpy_function(
            fetch, [places, drawn], (tf.float16, tf.float32, tf.float32)
        )
        maps = tf.ensure_shape(maps, (None, *features[0].shape[1:]))
        wanted = tf.ensure_shape(wanted, (None, packed[0].shape[1]))
        return tf.cast(maps, tf.float32), wanted, tf.ensure_shape(weight, (None,))

    order = tf.data.Dataset.range(len(rows)).shuffle(len(rows), seed=seed)
    # Both draw anew in each epoch, and the same however far ahead batches are made.
    views = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    return tf.data.Dataset.zip((order, views)).batch(BATCH).map(one).prefetch(4)
