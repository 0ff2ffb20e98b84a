"""An array is written piece by piece, and has its name when it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from training.errors import TrainingError
from training.fit.arrays import write_array

WHOLE = np.arange(70 * 6, dtype=np.float16).reshape(70, 3, 2)


def pieces() -> Iterator[np.ndarray]:
    yield from (WHOLE[at : at + 32] for at in range(0, 70, 32))


def test_pieces_are_one_array_that_need_not_be_in_memory(tmp_path: Path) -> None:
    write_array(tmp_path / "maps.npy", 70, pieces())
    found = np.load(tmp_path / "maps.npy", mmap_mode="r")
    assert found.dtype == WHOLE.dtype
    assert np.array_equal(found, WHOLE)


def test_what_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def full() -> Iterator[np.ndarray]:
        yield WHOLE[:32]
        raise OSError(28, "No space left on device")

    with pytest.raises(TrainingError, match=r"No space left.*name another folder with --cache"):
        write_array(tmp_path / "maps.npy", 70, full())
    assert list(tmp_path.iterdir()) == []


def test_rows_that_are_missing_are_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="70 rows came, not 71"):
        write_array(tmp_path / "maps.npy", 71, pieces())
    assert list(tmp_path.iterdir()) == []


def test_several_at_once_do_not_meet(tmp_path: Path) -> None:
    together = Barrier(4)

    def slowly(_: int) -> None:
        def waiting() -> Iterator[np.ndarray]:
            for piece in pieces():
                together.wait(30)
                yield piece

        write_array(tmp_path / "maps.npy", 70, waiting())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(slowly, range(4)))
    assert [path.name for path in tmp_path.iterdir()] == ["maps.npy"]
    assert np.array_equal(np.load(tmp_path / "maps.npy"), WHOLE)
