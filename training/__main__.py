"""``python -m training``: train, evaluate, calibrate, compare, predict …"""

from __future__ import annotations

import os
import sys

from training.commands.handover import hand_over


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    # TensorFlow tells of its build on every start; what matters is told by our own errors.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # NNCF would report its use to its makers.
    os.environ.setdefault("NNCF_CI", "1")
    given = sys.argv[1:] if arguments is None else arguments
    handed = hand_over(given)
    if handed is not None:
        return handed
    from training.commands.parser import (
        run,  # here: it takes three seconds, which who is handed over need not
    )

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
