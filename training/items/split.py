"""Films to learn from, to stop by and to test with: no film is in two of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.items.films import Film

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Rows of the table of films."""

    learn: Rows
    stop: Rows
    test: Rows


def split_films(films: Sequence[Film], seed: int, test: float = 0.2, stop: float = 0.1) -> Split:
    """By a hash of the film's id, so that one film more moves no other."""
    share = np.array([_share(film.id, seed) for film in films])
    rows = np.arange(len(films))
    return Split(
        rows[share >= test + stop],
        rows[(share >= test) & (share < test + stop)],
        rows[share < test],
    )


def _share(film: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed} {film}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
