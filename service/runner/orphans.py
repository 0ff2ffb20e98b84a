"""Make child processes end when the supervisor is killed and cannot stop them."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # prctl(2), Linux


def end_with_parent() -> Callable[[], None] | None:
    """A function that asks the kernel to send SIGTERM when the parent is gone.

    For ``preexec_fn``, so nothing is imported or looked up in the child. None where the system
    cannot do it.
    """
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (AttributeError, OSError, TypeError):  # not Linux
        return None
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it was gone before
            os.kill(os.getpid(), signal.SIGTERM)

    return ask
