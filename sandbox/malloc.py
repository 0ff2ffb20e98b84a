"""Return freed memory to the system."""

from __future__ import annotations

import ctypes

# mallopt's numbers in glibc's malloc.h.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
LARGE_BYTES = 256 * 2**10
KEPT_BYTES = 2**20


def give_back() -> None:
    """Make glibc return freed memory at once, and use one heap for all threads.

    By default glibc has a heap for each thread and keeps the memory of a decoded photograph for the
    next one, so a screening process would hold a fifth more, and training run out of memory. Other
    C libraries are not changed.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # not glibc
        return
    mallopt(ARENA_MAX, 1)
    mallopt(MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(TRIM_THRESHOLD, KEPT_BYTES)
