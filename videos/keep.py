"""The frames of a video that are kept: the best one of each stretch of each shot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import cv2
import numpy as np
from av.video.frame import VideoFrame

from videos.looks import Look
from videos.pixels import rgb
from videos.quality import Pixels, Quality
from videos.wish import Wish

LEAST_STRETCH = 0.5  # seconds
UNKNOWN_STRETCH = 1.0  # seconds, where a video does not say how long it is
SPARE = 1.5  # times as many as wanted are held before some are put together
JPEG_QUALITY = 85


@dataclass(frozen=True)
class KeptFrame:
    """A frame that stands for a stretch of one shot, from ``start`` to ``end`` in seconds.

    ``jpeg`` shows it at ``size``; ``pixels`` are RGB, to be looked at.
    """

    time: float
    start: float
    end: float
    shot: int
    quality: Quality
    jpeg: bytes
    size: tuple[int, int]
    pixels: Pixels


class Keeper:
    """Keeps frames as looks pass by; holds a bounded number, however many shots there are."""

    def __init__(self, wish: Wish, aspect: Fraction | None, seconds: float | None) -> None:
        self._wish = wish
        self._aspect = aspect
        self._stretch = max(LEAST_STRETCH, seconds / wish.frames if seconds else UNKNOWN_STRETCH)
        self._kept: list[KeptFrame] = []
        self._best: Look | None = None
        self._start = 0.0
        self._shot = 0

    def keep(self, looks: Iterable[Look], seconds: float | None) -> list[KeptFrame]:
        """The kept frames in order of time, at most as many as wished for."""
        last = 0.0
        for look in looks:
            if self._best is not None and (look.cut or look.time - self._start >= self._stretch):
                self._close(look.time)
                self._shot += look.cut
            if self._best is None:
                self._start = look.time
            if self._best is None or look.quality.score > self._best.quality.score:
                self._best = look
            last = look.time
        self._close(max(last, seconds or 0.0))
        return thin(self._kept, self._wish.frames)

    def _close(self, end: float) -> None:
        if self._best is None:
            return
        self._kept.append(self._made(self._best, end))
        self._best = None
        if len(self._kept) > SPARE * self._wish.frames:
            self._kept = thin(self._kept, self._wish.frames)

    def _made(self, look: Look, end: float) -> KeptFrame:
        shown = look.picture
        if isinstance(shown, VideoFrame):
            shown = rgb(shown, self._aspect, self._wish.shown)
        height, width = shown.shape[:2]
        return KeptFrame(
            time=look.time,
            start=self._start,
            end=max(end, look.time),
            shot=self._shot,
            quality=look.quality,
            jpeg=_jpeg(shown),
            size=(width, height),
            pixels=_smaller(shown, self._wish.looked_at),
        )


def thin(kept: list[KeptFrame], most: int) -> list[KeptFrame]:
    """At most so many: neighbours of one shot are put together, the shortest first, and the better
    frame of both stays. Where each is a shot of its own, the shortest shots go."""
    left = list(kept)
    while len(left) > most:
        pairs = [at for at in range(len(left) - 1) if left[at].shot == left[at + 1].shot]
        if pairs:
            at = min(pairs, key=lambda at: left[at + 1].end - left[at].start)
            left[at : at + 2] = [_together(left[at], left[at + 1])]
        else:
            left.remove(min(left, key=lambda one: one.end - one.start))
    return left


def _together(one: KeptFrame, other: KeptFrame) -> KeptFrame:
    better = max(one, other, key=lambda kept: kept.quality.score)
    return replace(better, start=one.start, end=other.end)


def _jpeg(pixels: Pixels) -> bytes:
    _, found = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    )
    return found.tobytes()


def _smaller(pixels: Pixels, shorter: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, shorter / min(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if scale == 1:
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
