"""Commands that an analyst types here and the service runs, because they need its database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "promote": ("bundles", "promote"),
    "rollback": ("bundles", "rollback"),
    "export-reviews": ("reviews", "export"),
}
HELP: Mapping[str, str] = {
    "promote": "let a running service use a bundle, if it is no worse than the one it uses",
    "rollback": "let it use the bundle before again",
    "export-reviews": "write what moderators settled as labelled photographs",
}


def hand_over(arguments: Sequence[str]) -> int | None:
    """Runs a command of ``COMMANDS`` as ``python -m service …`` and returns its exit status.

    None: the command is not one of them. It gets a process of its own, because training must not
    import the service.
    """
    if not arguments or arguments[0] not in COMMANDS:
        return None
    command = [sys.executable, "-m", "service", *handed_over(arguments)]
    return subprocess.run(command, check=False).returncode  # noqa: S603  # ours, and no shell


def handed_over(arguments: Sequence[str]) -> list[str]:
    """The arguments of ``python -m service`` for a command that it carries out."""
    return [*COMMANDS[arguments[0]], *arguments[1:]]
