"""Files that get their name when they are whole."""

from __future__ import annotations

import shutil
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


@contextmanager
def folder_aside(folder: Path, last: str) -> Iterator[Path]:
    """A folder to write, whose files then take the place of those in ``folder``.

    The file ``last`` says what the others are: it goes first and comes last. Until all are whole,
    what lay there before stays.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{HALF}{uuid4().hex}"
    half.mkdir()
    try:
        yield half
        (folder / last).unlink(missing_ok=True)
        for file in sorted(half.iterdir(), key=lambda one: one.name == last):
            file.replace(folder / file.name)
    finally:
        shutil.rmtree(half, ignore_errors=True)
        if made and not any(folder.iterdir()):
            folder.rmdir()


def take_place(half: Path, folder: Path) -> None:
    """Gives a folder that is whole its name, unless another run was faster."""
    try:
        half.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
