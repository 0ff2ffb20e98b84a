"""``python -m classifiers BUNDLE``: whether this machine can compute a bundle as it was measured.

The service's worker asks this in a process of its own before it forks, because the threads of a
compiled network do not survive a fork.
"""

from __future__ import annotations

import sys
from pathlib import Path

from classifiers.bundle import Bundle, BundleError
from classifiers.runtime import Classifier


def main(arguments: list[str]) -> int:
    """Returns 0 where this machine can; else 1, after printing why to standard error."""
    try:
        Classifier(Bundle.load(Path(arguments[0])), threads=1)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
