"""Photographs of text are told from others without reading them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from service.menus.lettering import is_lettered


def small(path: Path, side: int) -> np.ndarray:
    with Image.open(path) as image:
        image.thumbnail((side, side))
        return np.asarray(image.convert("L"))


def test_a_menu_is_lettered_at_any_size_that_is_looked_at(repository: Path) -> None:
    for side in (384, 540, 767):
        assert is_lettered(small(repository / "tests" / "pictures" / "menu.jpg", side))


def test_a_wall_and_most_photographs_are_not(repository: Path) -> None:
    assert not is_lettered(np.full((300, 400), 128, np.uint8))
    assert not is_lettered(np.zeros((1, 1), np.uint8))
    photographs = sorted((repository / "demo" / "photos").glob("*.jpg"))
    lettered = [is_lettered(small(path, 512)) for path in photographs]
    assert sum(lettered) < len(lettered) / 2
