"""Files that get their name when they are whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

# What a file or folder is called until it is whole.
HALF = "half-"


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """A file to write, which then takes the place of ``path``.

    A run that is stopped, or for which the disk is too small, leaves the file as it was. Several
    that write the same file at once do not meet.
    """
    half = path.with_name(f"{HALF}{uuid4().hex}-{path.name}")
    try:
        yield half
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def take_place(half: Path, folder: Path) -> None:
    """Gives a folder that is whole its name, unless another run was faster."""
    try:
        half.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
