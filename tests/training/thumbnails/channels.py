"""A small world of channels: each shows its own colour, and red gets more views."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from training.thumbnails.channels import FOLDER, NEEDED, TABLE

SIZE = (128, 72)


def write_channels(folder: Path, channels: int, each: int, *, effect: float, seed: int = 3) -> Path:
    """Videos whose views follow from subscribers and age, and, by ``effect``, from how red they
    are. How red is drawn for each video."""
    random = np.random.default_rng(seed)
    (folder / FOLDER).mkdir(parents=True)
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NEEDED)
        for number in range(channels * each):
            channel = number % channels
            subscribers = int(np.exp(6 + channel % 7))
            days, red = random.integers(2, 900), random.random()
            log_views = np.log(subscribers) + 0.3 * np.log(days) + random.normal(0, 0.3)
            views = int(np.exp(log_views + effect * red))
            name = f"v{number:03}"
            writer.writerow([name, f"c{channel}", "food", views, subscribers, days])
            colour = (40 + 200 * red, 40 + 160 * (channel % 5) / 4, 120)
            noise = random.integers(-30, 30, (SIZE[1], SIZE[0], 3))
            pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / FOLDER / f"{name}.jpg", quality=90)
    return folder
