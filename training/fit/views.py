"""Views of photographs to learn from: whole, cut out and tinted, and as a part of a mosaic.

A mosaic shows four photographs, so that what is to be recognised is small in a large scene.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from training.data.targets import Targets
from training.fit.finetune import start_random

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Kind = Literal["whole", "cut", "mosaic"]

CHUNK = 32
# A mosaic's four photographs meet at a point this far from its sides, at least.
MARGIN = 0.3


@dataclass(frozen=True)
class Sight:
    """The same photographs twice: ``exact`` as serving sees them, ``wide`` with room for crops."""

    exact: Bytes
    wide: Bytes


@dataclass(frozen=True)
class View:
    """One way to look at all photographs. ``seed`` decides what is cut and who is beside whom."""

    kind: Kind
    seed: int

    def truth(self, targets: Targets) -> Floats:
        """What the view shows, as ``Targets.truth``.

        A mosaic shows what any of its photographs shows, and not what none of them does. It is no
        scene, nor none: nothing is said of its scenes.
        """
        if self.kind != "mosaic":
            return targets.truth
        four = targets.truth[self._four(len(targets.truth))]
        shown, absent = (four == 1).any(axis=1), (four == 0).all(axis=1)
        truth = np.where(shown, 1.0, np.where(absent, 0.0, np.nan)).astype(np.float32)
        truth[:, list(targets.scenes)] = np.nan
        return truth

    def pixels(self, sight: Sight) -> Iterator[Bytes]:
        """Pixels uint8 [up to 32, size, size, 3] of all photographs in turn."""
        import tensorflow as tf

        from training.fit.augment import cut, tint

        start_random(self.seed)
        count, size = len(sight.exact), sight.exact.shape[1]
        mosaics = self._mosaics(sight.wide, size)
        for at in range(0, count, CHUNK):
            if self.kind == "whole":
                yield sight.exact[at : at + CHUNK]
            elif self.kind == "cut":
                wide = tf.cast(sight.wide[at : at + CHUNK], tf.float32)
                yield _bytes(tint(cut(wide, size)))
            else:
                few = [next(mosaics) for _ in range(min(CHUNK, count - at))]
                yield _bytes(tint(tf.constant(np.stack(few))))

    def _four(self, count: int) -> NDArray[np.intp]:
        """The photographs of each mosaic: [n, 4], in random places, each photograph in four."""
        random = np.random.default_rng(self.seed)
        all_four = [np.arange(count), *(random.permutation(count) for _ in range(3))]
        return random.permuted(np.stack(all_four, axis=1), axis=1)

    def _mosaics(self, wide: Bytes, size: int) -> Iterator[Floats]:
        import tensorflow as tf

        random = np.random.default_rng(self.seed)
        for four in self._four(len(wide)):
            found = np.empty((size, size, 3), np.float32)
            y, x = random.integers(int(size * MARGIN), int(size * (1 - MARGIN)) + 1, 2)
            for place, (rows, columns) in zip(four, _quarters(y, x, size), strict=True):
                sides = (rows.stop - rows.start, columns.stop - columns.start)
                found[rows, columns] = tf.image.resize(wide[place], sides, antialias=True).numpy()
            yield found[:, ::-1] if random.random() < 0.5 else found


def _bytes(images: Any) -> Bytes:
    return np.asarray(images).round().astype(np.uint8)


def _quarters(y: int, x: int, size: int) -> list[tuple[slice, slice]]:
    return [
        (rows, columns)
        for rows in (slice(0, y), slice(y, size))
        for columns in (slice(0, x), slice(x, size))
    ]
