"""One network through each runtime: functions from scaled pixels to feature maps."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

from benchmarks.serving.restored import restored
from classifiers import Bundle
from classifiers.bundle import NETWORK
from training.fit.network import export_network

Floats = NDArray[np.float32]
Network = Callable[[Floats], Floats]  # [n, size, size, 3] to [n, h, w, dimension]

SERVED = "OpenVINO int8 (served)"
BASELINE = "TensorFlow float32"
FLOAT32 = "OpenVINO float32"


def runtimes(bundle: Bundle, threads: int) -> dict[str, Network]:
    """A bundle's network by runtime and precision, all on ``threads`` threads.

    All but the one that is served compute with its weights in float.
    """
    model = _tensorflow(bundle, threads)
    return {
        SERVED: openvino_network(bundle, "f32", threads),
        **_in_float(model, threads),
        "ONNX Runtime float32": _onnx(model, threads),
        BASELINE: _function(model),
    }


def precisions(bundle: Bundle, threads: int) -> dict[str, Network]:
    """The same through OpenVINO alone: in float32, in bfloat16 and as it is served."""
    in_float = _in_float(_tensorflow(bundle, threads), threads)
    return {**in_float, SERVED: openvino_network(bundle, "f32", threads)}


def _in_float(model: Any, threads: int) -> dict[str, Network]:
    with tempfile.TemporaryDirectory() as folder:
        export_network(model, Path(folder))
        network = openvino.Core().read_model(str(Path(folder) / NETWORK))
        return {
            FLOAT32: _openvino(network, "f32", threads),
            "OpenVINO bfloat16": _openvino(network, "bf16", threads),
        }


def openvino_network(bundle: Bundle, precision: str, threads: int) -> Network:
    """A bundle's network through OpenVINO; ``precision`` is "f32" or "bf16"."""
    network = openvino.Core().read_model(str(bundle.path / NETWORK))
    return _openvino(network, precision, threads)


def _openvino(network: Any, precision: str, threads: int) -> Network:
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}
    compiled = openvino.Core().compile_model(network, "CPU", settings)
    # Copied, because the output buffer is used again by the next pass.
    return lambda pixels: np.array(compiled(pixels)[0], np.float32)


def _tensorflow(bundle: Bundle, threads: int) -> Any:
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    return restored(bundle)


def _function(model: Any) -> Network:
    import tensorflow

    compiled = tensorflow.function(lambda pixels: model(pixels, training=False))
    return lambda pixels: np.asarray(compiled(tensorflow.constant(pixels)), np.float32)


def _onnx(model: Any, threads: int) -> Network:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        model(np.zeros((1, *model.input.shape[1:]), np.float32))  # the export needs one call before
        model.export(path, format="onnx", verbose=False)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    (entry,) = session.get_inputs()
    return lambda pixels: np.asarray(session.run(None, {entry.name: pixels})[0], np.float32)
