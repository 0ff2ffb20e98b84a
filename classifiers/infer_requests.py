"""A compiled network that threads may share."""

from __future__ import annotations

from collections.abc import Callable
from queue import LifoQueue
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from classifiers.vino import openvino

Floats = NDArray[np.float32]
Read = TypeVar("Read")

# Passes that may be under way at once. OpenVINO runs them one after the other on all its threads;
# the second only keeps it busy while the first copies its result. Each request holds its own
# buffers for as long as the process lives (docs/benchmarks.md).
MOST = 2


class InferRequests:
    """Runs each pass in an infer request of its own.

    An infer request holds the input and the output of one pass, and must not be shared: a second
    thread would overwrite the input, or read the output, of the first. ``CompiledModel.__call__``
    keeps a single request for all callers.
    """

    def __init__(self, network: openvino.CompiledModel) -> None:
        self._network = network
        # The last one used is taken first, so that a process with one thread makes one only.
        self._idle: LifoQueue[openvino.InferRequest | None] = LifoQueue()
        for _ in range(MOST):
            self._idle.put(None)

    @overload
    def infer(self, pixels: Floats) -> Floats: ...

    @overload
    def infer(self, pixels: Floats, read: Callable[[Floats], Read]) -> Read: ...

    def infer(self, pixels: Floats, read: Callable[[Floats], Any] = np.copy) -> Any:
        """What ``read`` makes of the network's first output for its input, both float32.

        It waits for an idle request.

        Args:
            read: makes something new of the output, which the next pass overwrites. A copy of it
                has megabytes, so whoever wants less says so here.
        """
        request = self._idle.get()
        try:
            if request is None:
                request = self._network.create_infer_request()
            return read(request.infer([pixels], share_outputs=True)[0])
        finally:
            self._idle.put(request)
