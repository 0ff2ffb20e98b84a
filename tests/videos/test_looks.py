"""Looks hold few frames, however large and many: a telephone's 4K has sixty of 25 MB a second."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import pytest
from av.video.frame import VideoFrame

from videos.decode import Decoded
from videos.looks import BESIDE, Look, looks

RATE = 60


def frames_of(width: int, height: int, seconds: float) -> list[VideoFrame]:
    grey = np.full((height, width), 100, np.uint8)
    return [VideoFrame.from_ndarray(grey, format="gray") for _ in range(round(seconds * RATE))]


def held(frames: Sequence[VideoFrame], alone: int) -> int:
    """How many frames something besides the list refers to."""
    return sum(sys.getrefcount(frames[at]) > alone for at in range(len(frames)))


@pytest.mark.parametrize(
    ("size", "most"), [((1936, 1128), 1), ((64, 48), round(BESIDE * RATE) + 3)]
)
def test_few_frames_are_held(size: tuple[int, int], most: int) -> None:
    frames = frames_of(*size, seconds=1.0)
    alone = sys.getrefcount(frames[0])
    decoded = (Decoded(at / RATE, frames[at], False) for at in range(len(frames)))
    seen = [held(frames, alone) for _ in looks(decoded, None, 0.0, shown=320)]
    assert len(seen) == len(frames)
    assert max(seen) <= most


def test_of_a_large_frame_only_what_is_shown_is_held() -> None:
    def first(width: int, height: int) -> Look:
        [frame] = frames_of(width, height, 1 / RATE)
        return next(looks([Decoded(0.0, frame, False)], None, 0.0, shown=320))

    large = first(1936, 1128).picture
    assert isinstance(large, np.ndarray)
    assert large.shape == (186, 320, 3)
    assert isinstance(first(64, 48).picture, VideoFrame)
