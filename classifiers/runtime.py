"""A bundle in memory: one forward pass gives embeddings, scores and facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifiers.bundle import NETWORK, Bundle, BundleError
from classifiers.canary import differs, picture
from classifiers.infer_requests import InferRequests
from classifiers.label import facts_of
from classifiers.pixels import to_square
from classifiers.pooling import embed
from classifiers.vino import openvino

Floats = NDArray[np.float32]
Read = TypeVar("Read")

# Images that go through the network at once: more gain hardly any speed, and each costs a process
# about nine megabytes for as long as it lives.
CHUNK = 4


@dataclass(frozen=True)
class Prediction:
    """What was seen in one image.

    ``embedding`` is float32 [dimension] of L2 norm 1; ``scores`` and ``facts`` have one entry a
    label.
    """

    embedding: Floats
    scores: dict[str, float]
    facts: dict[str, bool | None]


@dataclass(frozen=True)
class LocatedPrediction:
    """A prediction, and where its surest label was seen: ``map`` float32 [h, w] in 0..1, top left
    first, the strongest place 1. A label that is a fact is surer than one that only scores higher.
    All zero where nothing speaks for it.
    """

    prediction: Prediction
    map: Floats


class Classifier:
    """Runs a bundle's network with OpenVINO on ``threads`` threads (None: all cores).

    Arithmetic is what the bundle was calibrated for, eight-bit integers or float32, also where the
    processor offers less, so that one image gets one score on every machine. Threads may share a
    classifier: each call has an infer request of its own.
    """

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        self.bundle = bundle
        self._size = bundle.manifest.preprocessing.size
        settings: dict[str, object] = {"INFERENCE_PRECISION_HINT": "f32"}
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        core = openvino.Core()
        if bundle.manifest.precision == "int8":
            _check_integers(core, bundle)
        try:
            self.network = core.compile_model(str(bundle.path / NETWORK), "CPU", settings)
            self._requests = InferRequests(self.network)
            self._check(self._features([Image.fromarray(picture(self._size))]))
        except RuntimeError as error:  # all that OpenVINO raises
            raise BundleError(
                f"{bundle.path / NETWORK} holds no network that OpenVINO can run on pictures of "
                f"{self._size} pixels: copy the whole bundle again, or train it anew."
            ) from error

    def predict(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """One prediction an image, in order; the images are RGB of any size and any number."""
        found = []
        for start in range(0, len(images), CHUNK):
            found += self._run(images[start : start + CHUNK], self.classify)
        return found

    def look(self, images: Sequence[Image.Image]) -> list[LocatedPrediction]:
        """Predictions as of ``predict`` with maps of their surest labels, in one forward pass."""
        found = []
        names = [label.name for label in self.bundle.labels]
        for start in range(0, len(images), CHUNK):
            features = self._features(images[start : start + CHUNK])
            for one, maps in zip(self.classify(features), features, strict=True):
                surest = max(names, key=lambda name: (one.facts[name] is True, one.scores[name]))
                found.append(LocatedPrediction(one, self._activation(maps, names.index(surest))))
        return found

    def classify(self, features: Floats) -> list[Prediction]:
        """Predictions from feature maps [n, h, w, dimension] that this bundle's network made."""
        labels = self.bundle.labels
        predictions = []
        rows = self.bundle.heads.scores(features)
        for embedding, row in zip(embed(features), rows, strict=True):
            scores = {label.name: float(s) for label, s in zip(labels, row, strict=True)}
            predictions.append(Prediction(embedding, scores, facts_of(labels, scores)))
        return predictions

    def attention(self, image: Image.Image, label: str) -> Floats:
        """Where a label was seen: float32 [h, w] in 0..1, top left first.

        The class-activation map of Zhou et al. 2016 ("Learning Deep Features for Discriminative
        Localization"): the feature map projected on the label's weights, negative parts cut off,
        the strongest place 1. All zero where nothing speaks for the label. KeyError: no such label.
        """
        names = [known.name for known in self.bundle.labels]
        if label not in names:
            raise KeyError(label)
        return self._activation(self._features([image])[0], names.index(label))

    def _activation(self, maps: Floats, label: int) -> Floats:
        activation = np.maximum(maps @ self.bundle.heads.direction(label), 0)
        return np.asarray(activation / max(float(activation.max()), 1e-12), np.float32)

    def _check(self, features: Floats) -> None:
        """Raises BundleError unless the canary's feature maps are what the heads take, and give
        what the manifest names."""
        bundle = self.bundle
        if features.ndim != 4 or features.shape[::3] != (1, bundle.dimension):
            raise BundleError(
                f"{bundle.path}: of a picture of {self._size} pixels the network makes feature "
                f"maps of the shape {features.shape}, and the heads take {bundle.dimension} "
                "numbers a place: copy the whole bundle again, or train it anew."
            )
        odds = bundle.heads.logits(features)[0]
        if not (np.isfinite(features).all() and np.isfinite(odds).all()):
            raise BundleError(
                f"{bundle.path}: the network and its heads give what is no number: copy the whole "
                "bundle again, or train it anew."
            )
        named, precision = bundle.manifest.canary, bundle.manifest.precision
        if (named or precision == "int8") and len(named) != len(odds):
            raise BundleError(
                f"{bundle.path}: the manifest's canary names {len(named)} numbers for {len(odds)} "
                "labels: copy the whole bundle again, or train it anew."
            )
        if named and differs(odds.tolist(), named):
            raise BundleError(
                f"{bundle.path}: this machine's processor computes the network otherwise than the "
                f"one it was measured on ({precision}), so that its promises would "
                "not hold here: use another machine, or another bundle."
            )

    def _features(self, images: Sequence[Image.Image]) -> Floats:
        """Feature maps float32 [n, h, w, dimension]."""
        return self._run(images, np.copy)

    def _run(self, images: Sequence[Image.Image], read: Callable[[Floats], Read]) -> Read:
        """What ``read`` makes of the images' feature maps."""
        preprocessing = self.bundle.manifest.preprocessing
        squares = [to_square(image, self._size) for image in images]
        pixels = np.stack(squares, dtype=np.float32, casting="safe")
        pixels *= preprocessing.scale  # in place: each copy has megabytes
        pixels += preprocessing.offset
        return self._requests.infer(pixels, read)


def _check_integers(core: openvino.Core, bundle: Bundle) -> None:
    if "INT8" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        raise BundleError(
            f"{bundle.path} computes in eight-bit integers, which OpenVINO does not offer on this "
            "machine's processor: use another machine, or a bundle in float32."
        )
