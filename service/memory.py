"""What a process gives back of the memory that it does not need any more."""

from __future__ import annotations

import ctypes

# mallopt's numbers in glibc's malloc.h.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
LARGE_BYTES = 256 * 2**10
KEPT_BYTES = 2**20


def give_back() -> None:
    """Lets glibc return freed memory to the system at once, and keep one heap for all threads.

    By default it keeps a heap for each thread, and what a decoded photograph took for the next one:
    a process that screens would hold a fifth more. Other C libraries are left as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # not glibc
        return
    mallopt(ARENA_MAX, 1)
    mallopt(MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(TRIM_THRESHOLD, KEPT_BYTES)
