"""Items as the numbers that the network takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from items.item import Floats, Item
from items.pooling import pooled
from items.text import TextSide

# A year is spread over the two of these decades that it lies between.
DECADES = tuple(range(1920, 2030, 10))


@dataclass(frozen=True)
class Layout:
    """Where each part of an item lies in the network's input, as [begin, end)."""

    text: tuple[int, int]
    tags: tuple[int, int]
    period: tuple[int, int]
    picture: tuple[int, int]

    @classmethod
    def of(cls, text: int, tags: int, picture: int) -> Layout:
        """The layout for parts of so many numbers: text, tags, period, picture."""
        ends = np.cumsum([0, text, tags, len(DECADES), picture]).tolist()
        return cls(*((ends[at], ends[at + 1]) for at in range(4)))

    @property
    def width(self) -> int:
        """The length of the whole input."""
        return self.picture[1]


@dataclass(frozen=True)
class Inputs:
    """Makes the network's input. ``tags`` are the known tags with their inverse frequency; by
    ``query`` several pictures are weighed (None: all alike)."""

    text: TextSide
    tags: Mapping[str, float]
    picture: int
    query: Floats | None = None

    @property
    def layout(self) -> Layout:
        """Where each part lies."""
        return Layout.of(self.text.dimension, len(self.tags), self.picture)

    def of(self, items: Sequence[Item]) -> Floats:
        """float32 [n, width]; a part that an item lacks is zeros, each other has norm 1."""
        texts = self.text.vectors([self._written(item) for item in items])
        rest = [np.concatenate([self._tags(i), period(i.year), self._picture(i)]) for i in items]
        if not rest:
            return np.empty((0, self.layout.width), np.float32)
        return np.concatenate([texts, np.stack(rest)], axis=1).astype(np.float32)

    def _written(self, item: Item) -> str:
        unknown = [tag for tag in item.tags if tag.casefold() not in self.tags]
        return "\n".join([item.title, item.text, *unknown])

    def _tags(self, item: Item) -> Floats:
        given = {tag.casefold() for tag in item.tags}
        return _unit(np.array([w if tag in given else 0 for tag, w in self.tags.items()]))

    def _picture(self, item: Item) -> Floats:
        if item.pictures is None or not len(item.pictures):
            return np.zeros(self.picture, np.float32)
        if item.pictures.shape[1:] != (self.picture,):
            raise ValueError(
                f"A picture's embedding has {item.pictures.shape[1:]} numbers; "
                f"this bundle takes {self.picture}."
            )
        return _unit(pooled(item.pictures, self.query))


def period(year: int | None) -> Floats:
    """A year as its shares of the two decades it lies between, of norm 1; None: zeros."""
    if year is None:
        return np.zeros(len(DECADES), np.float32)
    inside = min(max(year, DECADES[0]), DECADES[-1])
    return _unit(np.array([max(0.0, 1 - abs(inside - decade) / 10) for decade in DECADES]))


def _unit(values: NDArray[Any]) -> Floats:
    return np.asarray(values / max(float(np.linalg.norm(values)), 1e-12), np.float32)
