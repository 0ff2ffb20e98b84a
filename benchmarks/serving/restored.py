"""A bundle's network as a Keras model again, so that other runtimes can run the very same one.

A bundle holds its network for OpenVINO only. There every normalisation has become part of the
convolution before it; here the layers get those numbers back, and their normalisation adds the bias
and does nothing else. Of a network in eight bits it is the same weights, computed with in float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

from classifiers import Bundle
from classifiers.bundle import NETWORK
from training.fit.backbones import BACKBONES, random_start


def restored(bundle: Bundle) -> Any:
    """A Keras model from float32 [n, size, size, 3], scaled, to feature maps [n, h, w, dimension].

    Raises ValueError for a network of other layers than convolutions, each normalised.
    """
    size = bundle.manifest.preprocessing.size
    model = random_start(BACKBONES[bundle.manifest.backbone], size, seed=0)
    found = list(_folded(openvino.Core().read_model(str(bundle.path / NETWORK))))
    layers = list(_in_order(model.output, _layer, _layers_before))
    convolutions = [layer for layer in layers if type(layer).__name__ == "Conv2D"]
    normalisations = [layer for layer in layers if type(layer).__name__ == "BatchNormalization"]
    if not len(found) == len(convolutions) == len(normalisations):
        raise ValueError(f"{bundle.manifest.backbone} is not made of normalised convolutions.")
    for (kernel, bias), convolution, normalisation in zip(
        found, convolutions, normalisations, strict=True
    ):
        convolution.set_weights([kernel])
        # (x - 0) / sqrt(variance + epsilon) is x where the variance is 1 - epsilon.
        variance = np.full_like(bias, 1 - normalisation.epsilon)
        normalisation.set_weights([bias, np.zeros_like(bias), variance])
    return model


def _folded(network: Any) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Kernel [h, w, in, out] and bias [out] of each convolution."""
    (result,) = network.get_results()
    for node in _in_order(result, lambda node: node, _nodes_before):
        if node.get_type_name() == "Convolution":
            (after,) = (target.get_node() for target in node.output(0).get_target_inputs())
            kernel, bias = (_constant(_nodes_before(one)[1]) for one in (node, after))
            yield kernel.transpose(2, 3, 1, 0), bias.ravel()


def _in_order(
    last: Any, of: Callable[[Any], Any], before: Callable[[Any], Sequence[Any]]
) -> Iterator[Any]:
    """Everything that ``last`` is made from, inputs first and in the order they are joined in.

    Both descriptions of a network join the same parts in the same order, whatever the names.
    """
    seen = set()

    def visit(item: Any) -> Iterator[Any]:
        one = of(item)
        name = one.name if hasattr(one, "name") else one.get_friendly_name()
        if name not in seen:
            seen.add(name)
            for earlier in before(item):
                yield from visit(earlier)
            yield one

    return visit(last)


def _layer(tensor: Any) -> Any:
    return tensor._keras_history.operation


def _layers_before(tensor: Any) -> list[Any]:
    return list(_layer(tensor)._inbound_nodes[0].input_tensors)


def _nodes_before(node: Any) -> list[Any]:
    return [node.input(i).get_source_output().get_node() for i in range(node.get_input_size())]


def _constant(node: Any) -> NDArray[np.float32]:
    """Numbers as the network uses them: float16 widened, or eight bits scaled."""
    if node.get_type_name() == "Constant":
        return np.asarray(node.data, np.float32)
    before = [_constant(one) for one in _nodes_before(node)]
    if node.get_type_name() == "Multiply":
        return before[0] * before[1]
    if node.get_type_name() == "Subtract":
        return before[0] - before[1]
    (only,) = before
    return only
