"""Small videos, encoded by FFmpeg for the tests that need them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

SIZE = (160, 96)
RATE = 10

# The matrix of a track header that turns the picture by 90 degrees clockwise (ISO/IEC 14496-12).
QUARTER_TURN = np.array([0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30], ">i4").tobytes()


def texture(seed: int, size: tuple[int, int] = SIZE) -> Pixels:
    """A sharp picture: a scene of large patches that no other seed has, and fine grain."""
    width, height = size
    random = np.random.default_rng(seed)
    scene = random.integers(50, 206, (3, 4, 3), np.uint8)
    patches = cv2.resize(scene, size, interpolation=cv2.INTER_LINEAR)
    grain = random.integers(-25, 26, (height // 4, width // 4), np.int16)
    fine = cv2.resize(grain, size, interpolation=cv2.INTER_NEAREST)
    mixed: Pixels = np.clip(patches.astype(np.int16) + fine[:, :, None], 0, 255).astype(np.uint8)
    return mixed


def plain(value: int, size: tuple[int, int] = SIZE) -> Pixels:
    return np.full((size[1], size[0], 3), value, np.uint8)


def blurred(picture: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 5), np.uint8)


def shot(picture: Pixels, seconds: float, rate: int = RATE) -> list[Pixels]:
    return [picture] * round(seconds * rate)


def clip(
    path: Path,
    frames: Sequence[Pixels],
    codec: str = "libx264",
    *,
    times: Sequence[float] | None = None,
    aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
    key_every: int = 250,
) -> Path:
    """A video of frames, ten a second or at the given times. Nothing is in it but pictures."""
    height, width = frames[0].shape[:2]
    with av.open(str(path), "w", options=options or {}) as container:
        stream = cast(VideoStream, container.add_stream(codec, rate=RATE))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.gop_size = key_every
        stream.codec_context.thread_count = 1
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "crf": "20"}
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.time_base = Fraction(1, 1000)
            frame.pts = round(1000 * (times[number] if times else number / RATE))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def sound(path: Path) -> Path:
    """A file with a track of sound and none of pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.float32), "fltp", "mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def turned(path: Path) -> Path:
    """The same MP4, whose header says that it is to be shown turned."""
    data = path.read_bytes()
    at = data.index(b"tkhd") + 4 + 40
    path.write_bytes(data[:at] + QUARTER_TURN + data[at + len(QUARTER_TURN) :])
    return path


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(texture(1)).save(buffer, kind)
    return buffer.getvalue()
