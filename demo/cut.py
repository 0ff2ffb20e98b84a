"""A part of a film as a small MP4 without sound and metadata."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

WIDTH = 640
RATE = 25
QUALITY = "27"  # x264's constant rate factor


def cut(source: Path, target: Path, start: float, seconds: float) -> None:
    """Save the part of a film that begins at ``start``, in seconds, in its own aspect."""
    with av.open(str(source)) as film, av.open(str(target), "w") as made:
        shown = film.streams.video[0]
        height = round(shown.height * WIDTH / shown.width / 2) * 2
        stream = made.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, height, "yuv420p"
        stream.options = {"crf": QUALITY, "preset": "slow"}
        number = 0
        for frame in film.decode(shown):
            at = (frame.time or 0.0) - start
            if at >= seconds:
                break
            if at < number / RATE:  # before the part, or more frames than are wanted
                continue
            small = frame.reformat(WIDTH, height, "yuv420p")
            small.pts, small.time_base = number, Fraction(1, RATE)
            made.mux(stream.encode(small))
            number += 1
        made.mux(stream.encode(None))
