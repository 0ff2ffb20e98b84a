"""A video file to the frames that make the best thumbnails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from classifiers import Classifier
from pictures import ImageError, ImageLimits, open_image
from similarity.duplicates import Floats
from similarity.frames import Chosen, candidates_of, choose, subject_share
from training.errors import TrainingError
from videos import Frame, VideoLimits, Watcher, Wish

WISH = Wish(frames=48, shown=1280, looked_at=320)
LIMITS = VideoLimits(max_bytes=8 * 2**30, max_seconds=6 * 3600)  # an analyst's own files
SECONDS = 120.0  # for one video, on a machine that does other things, too
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic"}
MOST_REFERENCES = 2000


@dataclass(frozen=True)
class Picked:
    """A frame and why it was chosen."""

    frame: Frame
    why: Chosen


def pick(video: Path, classifier: Classifier, references: Floats | None, most: int) -> list[Picked]:
    """The best frames of a video, the best one first.

    Raises:
        VideoError: the file cannot be had as a video.
        OSError: it cannot be read.
    """
    video.stat()  # so that a file which is not there is told as what it is
    watcher = Watcher(LIMITS, processes=1)
    try:
        frames = watcher.watch(video, WISH, SECONDS).frames
    finally:
        watcher.close()
    looks = classifier.look([frame.image for frame in frames])
    embeddings = np.stack([look.prediction.embedding for look in looks])
    candidates = [
        replace(one, subject=subject_share(look.map))
        for one, look in zip(candidates_of(frames), looks, strict=True)
    ]
    return [
        Picked(frames[one.index], one) for one in choose(candidates, embeddings, references, most)
    ]


def pictures_in(folder: Path) -> list[Image.Image]:
    """A folder's pictures, by name, as large as they are looked at.

    Raises TrainingError where none can be read.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    images = []
    for file in files[:MOST_REFERENCES]:
        try:
            image = open_image(file.read_bytes(), ImageLimits())
        except (ImageError, OSError):
            continue  # others stand for the style
        image.thumbnail((WISH.looked_at, WISH.looked_at))
        images.append(image)
    if not images:
        raise TrainingError(f"{folder} holds no picture that can be read: name another folder.")
    return images


def embeddings_of(images: Sequence[Image.Image], classifier: Classifier) -> Floats:
    """float32 [n, dimension] of pictures, at least one."""
    return np.stack([found.embedding for found in classifier.predict(images)])
