"""Which posts a simulation has, in which order: the same each time for the same photographs."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.similarity.changes import CHANGES
from benchmarks.similarity.variants import Change, cropped

SEED = 0
QUALITIES = (70, 80, 85, 90, 95)  # of the JPEG that a copy is stored as
HONEST_QUALITY = 90
CHANGE_NAMES = tuple(CHANGES)
# What an honest author shows of a photograph: all of it, three fifths from a corner, the middle.
VIEWS: Sequence[Change] = (
    cropped(0, 0, 0, 0),
    cropped(0, 0, 0.4, 0.4),
    cropped(0.4, 0.4, 0, 0),
    cropped(0.4, 0, 0, 0.4),
    cropped(0, 0.4, 0.4, 0),
    cropped(0.2, 0.2, 0.2, 0.2),
)


@dataclass(frozen=True)
class Shown:
    """What one post shows: a photograph, by its number, as a campaign's copy or as a view of it.

    ``how`` is the place of the change among ``CHANGES``, or of the view among ``VIEWS``.
    """

    photograph: int
    is_copy: bool
    how: int
    quality: int


@dataclass(frozen=True)
class Plan:
    """The photographs, those of the campaigns first, and the posts in their order."""

    files: Sequence[Path]
    posts: Sequence[Shown]
    campaigns: int

    def copies(self, posts: int) -> Counter[int]:
        """How many of the first posts are copies of each campaign's photograph."""
        return Counter(one.photograph for one in self.posts[:posts] if one.is_copy)


def photographs(folders: Sequence[Path]) -> list[Path]:
    """The photographs of some folders in a random order; of the same bytes only one."""
    files = sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix.lower() in {".jpg", ".png"}
    )
    different = {hashlib.sha256(file.read_bytes()).digest(): file for file in files}
    kept = sorted(different.values())
    return [kept[at] for at in np.random.default_rng(SEED).permutation(len(kept))]


def plan(files: Sequence[Path], posts: int, campaigns: int, least: int, most: int) -> Plan:
    """Campaigns of ``least`` to ``most`` copies among honest posts, in a random order.

    Raises:
        ValueError: the photographs are too few, or the posts fewer than the copies.
    """
    chance = np.random.default_rng(SEED)
    sizes = [round(size) for size in np.geomspace(least, most, campaigns)]
    honest = posts - sum(sizes)
    room = (len(files) - campaigns) * len(VIEWS)
    if not 0 <= honest <= room:
        raise ValueError(f"{sum(sizes):,} copies and at most {room:,} honest posts are possible.")
    spam = [
        Shown(number, True, int(chance.integers(len(CHANGE_NAMES))), int(chance.choice(QUALITIES)))
        for number, size in enumerate(sizes)
        for _ in range(size)
    ]
    others = len(files) - campaigns
    views = [
        Shown(campaigns + n % others, False, n // others, HONEST_QUALITY) for n in range(honest)
    ]
    every = [*spam, *views]
    return Plan(files, [every[at] for at in chance.permutation(len(every))], campaigns)


def picture_of(plan: Plan, shown: Shown) -> bytes:
    """The JPEG that a post shows."""
    with Image.open(plan.files[shown.photograph]) as file:
        image = file.convert("RGB")
    change = CHANGES[CHANGE_NAMES[shown.how]] if shown.is_copy else VIEWS[shown.how]
    buffer = io.BytesIO()
    change(image).save(buffer, "JPEG", quality=shown.quality)
    return buffer.getvalue()
