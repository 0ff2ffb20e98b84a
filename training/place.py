"""Whether a folder can be written to, asked before hours of work."""

from __future__ import annotations

import os
from pathlib import Path

from training.errors import TrainingError


def check_folder(folder: Path) -> None:
    """Raises TrainingError unless the folder is there or can be made, and can be written to.

    Nothing is made yet.
    """
    there = folder.resolve()
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        raise TrainingError(f"{there} is no folder: name another with --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise TrainingError(f"{there} cannot be written to: name another folder with --out.")
