"""Thumbnails on disk, with the channels they are from and what is known of their videos."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pictures import ImageError, ImageLimits, open_image
from training.errors import TrainingError

TABLE, FOLDER = "videos.csv", "images"
NEEDED = ("video_id", "channel_hash", "category", "views", "subscribers", "days")


@dataclass(frozen=True)
class Video:
    """A video by its thumbnail. ``days`` is its age when views and subscribers were counted."""

    id: str
    channel: str
    category: str
    views: int
    subscribers: int
    days: float
    picture: Path


def read_videos(data: Path) -> list[Video]:
    """The videos of a folder with ``videos.csv`` and ``images/<video_id>.jpg``, by id.

    Rows without a picture are left out. Raises TrainingError where the table cannot be used.
    """
    table = data / TABLE
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{table} cannot be read: {error}.") from error
    missing = [name for name in NEEDED if not rows or name not in rows[0]]
    if missing:
        raise TrainingError(f"{table} has no rows, or lacks the columns {', '.join(missing)}.")
    found = {}
    for line, row in enumerate(rows, 2):
        video = _video(row, data, f"{table}, row {line}")
        if video.picture.is_file():
            found[video.id] = video
    if not found:
        raise TrainingError(f"{data / FOLDER} holds no picture of a video in {table}.")
    return [found[one] for one in sorted(found)]


def open_pictures(videos: Sequence[Video]) -> tuple[list[Video], list[Image.Image]]:
    """Those whose picture can be read, with the RGB picture."""
    kept, images = [], []
    for video in videos:
        try:
            images.append(open_image(video.picture.read_bytes(), ImageLimits()))
        except (ImageError, OSError):
            continue
        kept.append(video)
    return kept, images


def held_back(channel: str, share: float, seed: int) -> bool:
    """Whether a channel is not learned from: by a hash, so that one more moves no other."""
    digest = hashlib.sha256(f"{seed} {channel}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 < share


def fingerprint(videos: Sequence[Video]) -> str:
    """SHA-256 over what was learned from: each video's numbers and picture."""
    digest = hashlib.sha256()
    for one in sorted(videos, key=lambda video: video.id):
        told = (one.id, one.channel, one.category, one.views, one.subscribers, one.days)
        digest.update(repr(told).encode())
        digest.update(hashlib.sha256(one.picture.read_bytes()).digest())
    return digest.hexdigest()


def _video(row: dict[str, str], data: Path, where: str) -> Video:
    name = row["video_id"]
    if not name or Path(name).name != name:
        raise TrainingError(f"{where}: {name!r} is no id of a video.")
    try:
        views, subscribers, days = int(row["views"]), int(row["subscribers"]), float(row["days"])
    except (TypeError, ValueError) as error:
        raise TrainingError(f"{where}: {error}.") from error
    if min(views, subscribers) < 0 or not 0 <= days < float("inf"):
        raise TrainingError(f"{where}: views, subscribers and days must not be negative.")
    return Video(
        name,
        row["channel_hash"],
        row["category"],
        views,
        subscribers,
        days,
        data / FOLDER / f"{name}.jpg",
    )
