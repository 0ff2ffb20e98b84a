"""An item bundle in memory: items to vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifiers.infer_requests import InferRequests
from classifiers.vino import openvino
from items.bundle import NETWORK, ItemBundle
from items.item import Floats, Item
from items.manifest import ItemBundleError

# Vectors are compared by their angle: a tenth of this turns a vector by less than a degree.
TOLERANCE = 0.01
CHUNK = 64


class ItemEncoder:
    """Runs an item bundle with OpenVINO on ``threads`` threads. Threads may share an encoder."""

    def __init__(self, bundle: ItemBundle, threads: int = 1) -> None:
        self.bundle = bundle
        settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads}
        core = openvino.Core()
        try:
            network = core.compile_model(str(bundle.path / NETWORK), "CPU", settings)
            width = bundle.inputs.layout.width
            if network.input(0).partial_shape[1].get_length() != width:
                raise ItemBundleError(f"{bundle.path / NETWORK} does not take inputs of {width}.")
            self._requests = InferRequests(network)
            self._check_canary()
        except RuntimeError as error:  # all that OpenVINO raises
            raise ItemBundleError(
                f"{bundle.path / NETWORK} holds no network that OpenVINO can run: copy the whole "
                "bundle again, or train it anew."
            ) from error

    def vectors(self, items: Sequence[Item]) -> Floats:
        """float32 [n, dimension] of norm 1. An item of which nothing is known gives zeros.

        Raises ValueError where a picture's embedding is not of the length the bundle takes.
        """
        inputs = self.bundle.inputs.of(items)
        parts = [self._run(inputs[at : at + CHUNK]) for at in range(0, len(inputs), CHUNK)]
        return np.concatenate([np.empty((0, self.bundle.manifest.dimension), np.float32), *parts])

    def _run(self, inputs: Floats) -> Floats:
        known = inputs.any(axis=1, keepdims=True)
        return np.asarray(self._requests.infer(inputs) * known, np.float32)

    def _check_canary(self) -> None:
        named = np.array(self.bundle.manifest.canary)
        found = self.vectors([canary(tuple(self.bundle.manifest.tags))])[0, : len(named)]
        # What is no number is refused, too.
        if not np.abs(found - named).max(initial=0) <= TOLERANCE:
            raise ItemBundleError(
                f"{self.bundle.path}: this machine's processor computes the network otherwise than "
                "the one it was made on, so that its vectors would not be comparable."
            )


def canary(tags: Sequence[str]) -> Item:
    """The item whose vector a bundle names: nothing but the first tag it knows."""
    return Item(tags=tuple(tags[:1]), year=2000)
