from __future__ import annotations

from pathlib import Path

import numpy as np

from training.items.films import Film
from training.items.split import split_films

FILMS = [Film(f"tt{number}", "", (), (), None, Path(), None) for number in range(1000)]


def test_every_film_is_on_one_side() -> None:
    split = split_films(FILMS, seed=0)
    rows = np.concatenate([split.learn, split.stop, split.test])
    assert sorted(rows) == list(range(1000))
    assert 160 < len(split.test) < 240
    assert 70 < len(split.stop) < 130


def test_one_film_more_moves_no_other() -> None:
    before, after = split_films(FILMS[:-1], seed=0), split_films(FILMS, seed=0)
    assert set(before.test) <= set(after.test)
    assert set(before.learn) <= set(after.learn)


def test_another_seed_is_another_split() -> None:
    assert set(split_films(FILMS, seed=0).test) != set(split_films(FILMS, seed=1).test)
