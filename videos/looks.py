"""Decoded frames as looks: each with its measures, which need the frames beside it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame

from videos.decode import Decoded
from videos.pixels import rgb
from videos.quality import (
    MEASURED_AT,
    Floats,
    Pixels,
    Quality,
    colours,
    content,
    difference,
    layout,
    measure,
)

SPACING = 1 / 12.5  # seconds between looks at least, where a video is decoded as a whole
MOST_LOOKS = 600  # of a video that is long; about: then they are further apart
BESIDE = 0.3  # seconds: so far away are the frames with which one is compared
# A cut: so much differs from the look before, as a share of colours, or of lightness by its place.
OTHER_COLOURS = 0.4
OTHER_PLACES = 0.19
LARGE = 1920 * 1088  # pixels: of larger frames, what is shown takes the less memory
FROZEN = 0.0002  # of the lightness: no encoder leaves less of a picture that is filmed


def spacing(seconds: float | None) -> float:
    """How far looks at a video of such a length are apart, in seconds."""
    return max(SPACING, (seconds or 0.0) / MOST_LOOKS)


Picture = VideoFrame | Pixels


@dataclass(frozen=True)
class Look:
    """One frame that was looked at. ``picture``: what is shown of it, or the frame to make that of.
    ``cut``: a new shot begins with it."""

    time: float
    picture: Picture
    quality: Quality
    cut: bool


@dataclass(frozen=True)
class _Seen:
    time: float
    picture: Picture | None  # None: the frame was measured, and is beside others
    torn: bool
    content: Pixels
    colours: Floats
    layout: Floats


def looks(
    frames: Iterable[Decoded], aspect: Fraction | None, apart: float, shown: int
) -> Iterator[Look]:
    """Looks at frames that are at least ``apart`` seconds apart, which are shown at most so large.

    The measures of those ``BESIDE`` seconds before and after each are held, the pictures only until
    they are measured: a telephone's 4K has sixty frames a second of 25 MB each.
    """
    beside: deque[_Seen] = deque()
    waiting = 0  # how many at the end of them have not been measured
    last = float("-inf")
    before: _Seen | None = None
    for at, frame, torn in frames:
        if at - last < apart:
            continue
        last = at
        seen = content(rgb(frame, aspect, MEASURED_AT))
        picture = rgb(frame, aspect, shown) if frame.width * frame.height > LARGE else frame
        beside.append(_Seen(at, picture, torn, seen, colours(seen), layout(seen)))
        waiting += 1
        while waiting and beside[-waiting].time <= at - BESIDE:
            yield _look(beside[-waiting], before, beside)
            before = beside[-waiting] = replace(beside[-waiting], picture=None)
            waiting -= 1
        while len(beside) > waiting and beside[0].time < beside[-waiting].time - BESIDE:
            beside.popleft()
    while waiting:
        yield _look(beside[-waiting], before, beside)
        before = beside[-waiting] = replace(beside[-waiting], picture=None)
        waiting -= 1


def _look(one: _Seen, before: _Seen | None, beside: Iterable[_Seen]) -> Look:
    earlier = [other for other in beside if one.time - BESIDE <= other.time < one.time]
    later = [other for other in beside if one.time < other.time <= one.time + BESIDE]
    # A frame next to a cut differs from one side only, and is none the worse for it.
    sides = [difference(one.colours, side.colours) for side in (*earlier[:1], *later[-1:])]
    near = (*earlier[-1:], *later[:1])
    quality = measure(
        one.content,
        change=min(sides, default=0.0),
        torn=one.torn,
        frozen=any(_moved(one, side) < FROZEN for side in near),
    )
    assert one.picture is not None  # noqa: S101  # each is measured once
    return Look(one.time, one.picture, quality, before is not None and _cut(before, one))


def _cut(before: _Seen, one: _Seen) -> bool:
    return (
        _moved(one, before) > OTHER_PLACES
        or difference(one.colours, before.colours) > OTHER_COLOURS
    )


def _moved(one: _Seen, other: _Seen) -> float:
    """By how much the lightness of two looks differs, in 0..1."""
    return float(np.abs(one.layout - other.layout).mean())
