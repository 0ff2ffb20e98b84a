"""What is drawn: predictions beside what was counted, and the thumbnails of both ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from training.engagement.effect import CrossFit, Effect
from training.engagement.models import Floats
from training.engagement.numbers import Doubles, Numbers
from training.report.explain import overlay

TILE = (256, 144)
COLUMNS = 3
GAP, LINE = 8, 16


def plot(numbers: Numbers, said: CrossFit, effect: Effect, path: Path) -> None:
    """A PNG: each model's prediction of videos of channels that it did not see."""
    known = " and ".join(numbers.known)
    panels = (
        (known, said.context, effect.context),
        ("thumbnail", said.picture, effect.picture),
        (f"{known} and thumbnail", said.both, effect.both),
    )
    figure = Figure(figsize=(10, 3.6), layout="constrained", dpi=110)
    axes = figure.subplots(1, len(panels), sharex=True, sharey=True)
    low, high = float(numbers.counted.min()), float(numbers.counted.max())
    for panel, (name, values, r2) in zip(axes, panels, strict=True):
        panel.plot([low, high], [low, high], color="grey", linewidth=0.7)
        panel.scatter(values, numbers.counted, s=6, alpha=0.4, linewidths=0)
        panel.set_title(f"{name}\nR² {r2}", fontsize=8)
        panel.set_xlabel("predicted", fontsize=8)
        panel.tick_params(labelsize=7)
    axes[0].set_ylabel(f"log(1 + {numbers.target})", fontsize=8)
    figure.savefig(path, metadata={"Software": None})


def sheet(
    images: Sequence[Image.Image], seen: Sequence[Floats], told: Sequence[str]
) -> Image.Image:
    """Thumbnails, each beside where it was that the score comes from, and a line of text below."""
    width, height = 2 * TILE[0] + GAP, TILE[1] + LINE + GAP
    rows = -(-len(images) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * (width + GAP), rows * height), (255, 255, 255))
    pen = ImageDraw.Draw(whole)
    for place, (image, heat, text) in enumerate(zip(images, seen, told, strict=True)):
        left, top = place % COLUMNS * (width + GAP), place // COLUMNS * height
        for at, one in ((left, image), (left + TILE[0] + GAP, overlay(image, heat))):
            whole.paste(_fitted(one), (at, top))
        pen.text((left, top + TILE[1] + 1), text, fill=(0, 0, 0))
    return whole


def heat(maps: Floats, weights: Doubles) -> Floats:
    """A class-activation map float [h, w] in 0..1 (Zhou et al. 2016) of feature maps [h, w, c]."""
    activation = np.maximum(maps @ weights, 0)
    return np.asarray(activation / max(float(activation.max()), 1e-12), np.float32)


def _fitted(image: Image.Image) -> Image.Image:
    small = image.convert("RGB")
    small.thumbnail(TILE)
    tile = Image.new("RGB", TILE)
    tile.paste(small, ((TILE[0] - small.width) // 2, (TILE[1] - small.height) // 2))
    return tile
