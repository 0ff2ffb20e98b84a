"""The file of an upload, as bytes or as a file on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from service.imagestore import ImageStore
from service.waits import OutageError


def read(store: ImageStore, path: str) -> bytes | None:
    """The whole file, for photographs; None: it was erased.

    Raises:
        OutageError: the store is away.
    """
    with _waited_out():
        data = store.get(path)
        if data is None:
            store.check_there()
    return data


@contextmanager
def as_file(store: ImageStore, path: str, folder: Path) -> Iterator[Path | None]:
    """The file under a name of this machine, for videos, in the body; None: it was erased.

    The name leads to an open file, which stays whole if the store is away from then on.

    Args:
        folder: where a copy of a bucket's file lies meanwhile, piece by piece put there.

    Raises:
        OutageError: the store is away.
    """
    own = store.local_path(path)
    if own is not None:
        with _waited_out():
            file = _open(own)
            if file is None:
                store.check_there()
        if file is None:
            yield None
            return
        with file:
            yield Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder) as copy:
        with _waited_out():
            is_there = store.download(path, copy.name)
        yield Path(copy.name) if is_there else None


def _open(path: Path) -> BinaryIO | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None


@contextmanager
def _waited_out() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # each store has errors of its own
        raise OutageError("store", error) from error
