"""Lets one service at a time use a data folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.runner.errors import StartError

FILE = "run.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a data folder.

    The kernel lets go of it when this process ends, however it ends; the processes that it starts
    do not inherit the lock.

    Raises:
        StartError: another service holds it. Its engines would be taken for left-overs and stopped.
    """
    with (folder / FILE).open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(
                f"Another Tagsift is running with the data folder {folder}: stop it, or set "
                "TAGSIFT_DATA to another folder."
            ) from None
        except OSError:  # a file system without locks: nobody can hold anything
            pass
        yield
