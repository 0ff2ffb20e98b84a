"""`python -m service …`: a missing package or setting is reported as a sentence, not a
traceback.
"""

from __future__ import annotations

import sys


def enter() -> None:
    """Import and run the commands."""
    try:
        from service.commands.root import main
        from service.config import ConfigError
    except ModuleNotFoundError as error:
        sys.exit(
            f"Error: the package {error.name!r} is missing. "
            "Delete the folder .venv and run `make setup`, which installs what is pinned."
        )
    except KeyboardInterrupt:  # Ctrl-C in the first seconds; later, the commands see to it
        sys.exit(130)
    try:
        main(prog_name="python -m service")
    except ConfigError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    enter()
