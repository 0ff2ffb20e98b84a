"""``python -m classifiers BUNDLE``: whether this machine can compute a bundle as it was measured.

The service's worker asks this in a process of its own before it forks, because the threads of a
compiled network do not survive a fork.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from classifiers.bundle import Bundle, BundleError
from classifiers.runtime import Classifier


def main(arguments: Sequence[str]) -> int:
    """Returns 0 where this machine can; else 1, after printing why to standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m classifiers",
        description="Whether this machine can compute a bundle as it was measured: "
        "exit status 0, or 1 and why.",
    )
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="its folder")
    folder: Path = parser.parse_args(arguments).bundle
    try:
        Classifier(Bundle.load(folder), threads=1)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
