"""How many threads a worker's arithmetic takes."""

from __future__ import annotations

import cv2
import numpy as np
from threadpoolctl import threadpool_limits


def calculate_alone() -> None:
    """Have numpy and OpenCV calculate in the thread that asks, here and in processes forked later.

    Those of a task are small. By default numpy divides each among all cores, and on a machine with
    other work waits for the slowest, spinning: comparing the points of two pictures took 9 ms of
    processor instead of 0.3. OpenCV's threads save nothing either where pictures have 160 pixels.
    """
    cv2.setNumThreads(1)
    np.zeros(1)  # the library must be loaded before it can be told
    threadpool_limits(1, "blas")
