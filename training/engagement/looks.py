"""Which looks of a thumbnail go with more or fewer views than age and size say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.engagement.effect import Figure, channel_draws, interval, slopes
from training.engagement.numbers import Doubles

SIDE = 256
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class VisualTrait:
    """``factor`` is by how much the target is multiplied, beyond what is known, where a thumbnail
    has one standard deviation more of the look. Its interval is as wide as it must be for those of
    all looks to hold together."""

    name: str
    factor: Figure

    @property
    def says(self) -> str:
        """What its interval allows to say."""
        if self.factor.low > 1:
            return "goes with more"
        return "goes with fewer" if self.factor.high < 1 else "no effect found"


def measured(images: Sequence[Image.Image]) -> dict[str, Doubles]:
    """What can be measured in pixels, float64 [n] each."""
    rows = np.array([_measure(image) for image in images])
    names = ("brightness", "contrast", "colourfulness", "sharpness")
    return dict(zip(names, rows.T, strict=True))


def rank(looks: dict[str, Doubles], left: Doubles, channel: NDArray[np.int64]) -> list[VisualTrait]:
    """All looks, the strongest first; ``left`` is what age and size leave unexplained."""
    draws = channel_draws(channel)
    found = [
        VisualTrait(name, interval(np.exp(slopes(values, left, draws)), len(looks)))
        for name, values in looks.items()
    ]
    return sorted(found, key=lambda one: -abs(np.log(one.factor.value)))


def _measure(image: Image.Image) -> tuple[float, float, float, float]:
    """Colourfulness after Hasler and Süsstrunk 2003; sharpness is the mean step between pixels."""
    small = image.copy()
    small.thumbnail((SIDE, SIDE))
    pixels = np.asarray(small, np.float64)
    grey = pixels.mean(axis=2)
    red_green = pixels[..., 0] - pixels[..., 1]
    yellow_blue = pixels[..., :2].mean(axis=2) - pixels[..., 2]
    spread = float(np.hypot(red_green.std(), yellow_blue.std()))
    colourful = spread + 0.3 * float(np.hypot(red_green.mean(), yellow_blue.mean()))
    steps = np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()
    return float(grey.mean()), float(grey.std()), colourful, float(np.log1p(steps))
