"""``python -m training``: train, evaluate, calibrate, compare, predict …"""

from __future__ import annotations

import os
import sys

from training.commands.handover import hand_over


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    # TensorFlow prints how it was built on every start. Our own errors say what matters.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
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
