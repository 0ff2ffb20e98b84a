"""``python -m training``: train, evaluate, calibrate, compare, predict …"""

from __future__ import annotations

import os
import sys

from sandbox.malloc import give_back
from training.commands.handover import hand_over


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    # TensorFlow prints how it was built on every start. Our own errors say what matters.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Else glibc keeps what photographs took in pieces that the next do not fit into: looking at
    # cuts of 9,000 photographs took more than 20 GB.
    give_back()
    given = sys.argv[1:] if arguments is None else arguments
    handed = hand_over(given)
    if handed is not None:
        return handed
    # Imported here, because that takes three seconds, which the commands above do not need.
    try:
        from training.commands.parser import run
    except KeyboardInterrupt:
        print("stopped.", file=sys.stderr)
        return 130

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
