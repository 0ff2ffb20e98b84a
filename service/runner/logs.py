"""Rotate log files: a full one is renamed, and only one renamed file is kept."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

LOG_BYTES = 50 * 2**20
LOOK_SECONDS = 10.0


def rotate_until(stopped: threading.Event, folder: Path) -> None:
    """Look after the log files of a folder every few seconds, until told to stop."""
    while not stopped.wait(LOOK_SECONDS):
        for log in folder.glob("*.log"):
            rotate(log)


def rotate(log: Path, most: int = LOG_BYTES) -> bool:
    """Put a log's content aside as ``<name>.log.1`` and empty the file, if it is full.

    The processes that write to it keep it open for appending, so they go on at its beginning. Lines
    that are written between the copy and the emptying, within milliseconds, are lost.

    Returns:
        whether it was full.
    """
    if log.stat().st_size <= most:
        return False
    shutil.copy(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True
