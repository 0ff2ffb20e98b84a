"""Arrays too large for memory, written to a file of the cache piece by piece."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError
from training.fit.aside import aside


def write_array(path: Path, rows: int, pieces: Iterable[NDArray[Any]]) -> None:
    """Writes an array of so many rows as an ``.npy`` file, from pieces of them in turn.

    A run that fails leaves nothing, and several that write the same file at once do not meet
    (``training.fit.aside``). What is written goes through the file, not through a
    mapping of it: on a full disk that would end the process without a word.

    Raises:
        ValueError: the pieces hold another number of rows.
        TrainingError: the file cannot be written, because the disk is full, say.
    """
    try:
        with aside(path) as half:
            _write(half, rows, pieces)
    except OSError as error:
        raise TrainingError(
            f"{path.parent} cannot be written ({error.strerror}): make room there, or name another "
            "folder with --cache."
        ) from error


def _write(path: Path, rows: int, pieces: Iterable[NDArray[Any]]) -> None:
    written = 0
    with path.open("wb") as file:
        for piece in pieces:
            if not written:
                shape = (rows, *piece.shape[1:])
                kind = np.lib.format.dtype_to_descr(piece.dtype)
                header = {"descr": kind, "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_1_0(file, header)
            file.write(np.ascontiguousarray(piece).data)
            written += len(piece)
    if written != rows:
        raise ValueError(f"{path}: {written} rows came, not {rows}.")
