"""A video file, opened: its picture track, and what its header says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from videos.container import MP4, container_of
from videos.limits import VideoCode, VideoError, VideoLimits

COVER = av.stream.Disposition.attached_pic


@dataclass(frozen=True)
class OpenedVideo:
    """An opened video.

    ``seconds`` and ``frames`` are what the header says, None where it does not. ``begins`` is the
    time of the first frame in the file's own clock, in seconds.
    """

    container: InputContainer
    stream: VideoStream
    seconds: float | None
    frames: int | None
    begins: float


@contextmanager
def opened(path: Path, limits: VideoLimits) -> Iterator[OpenedVideo]:
    """Opens a file and checks its header against the limits; no frame is decoded for that, but for
    the few that FFmpeg needs to tell what a track holds.

    Raises:
        VideoError: with the reason.
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise VideoError(
            VideoCode.TOO_LARGE,
            f"The video has {size} bytes; at most {limits.max_bytes} are read.",
        )
    with path.open("rb") as file:
        container = _container(file)
        with container:
            yield _source(container, limits)


def _container(file: BinaryIO) -> InputContainer:
    name = container_of(file)
    try:
        # An object, not a name: whatever the container refers to, nothing else is opened.
        return av.open(file, "r", format=name, io_open=_refuse, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        if name == MP4 and not _has_index(file):
            raise VideoError(
                VideoCode.NO_INDEX,
                "The video breaks off before its index (moov), without which no frame is found.",
            ) from error
        raise VideoError(
            VideoCode.DAMAGED, f"The video's header cannot be read: {_what(error)}."
        ) from error


def _refuse(url: str, *_: object) -> None:
    raise FileNotFoundError(url)


def _has_index(file: BinaryIO) -> bool:
    """Whether an MP4 has a ``moov`` box on its first level."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return False
        if head[4:8] == b"moov":
            return True
        size = int.from_bytes(head[:4])
        if size == 1:
            size = int.from_bytes(head[8:16])
        if size < 8:
            return False
        at += size


def _source(container: InputContainer, limits: VideoLimits) -> OpenedVideo:
    if len(container.streams) > limits.max_streams:
        raise VideoError(
            VideoCode.TOO_MANY_STREAMS,
            f"The video has {len(container.streams)} tracks; at most {limits.max_streams} "
            "are allowed.",
        )
    tracks = [one for one in container.streams.video if not one.disposition & COVER]
    if not tracks:
        raise VideoError(VideoCode.NO_VIDEO_TRACK, "The file has no track with pictures.")
    stream = tracks[0]
    seconds = _seconds(container, stream)
    if seconds is not None and seconds > limits.max_seconds:
        raise too_long(seconds, limits)
    check_pixels(stream.width, stream.height, limits)
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    counted = stream.frames or (round(seconds * rate) if seconds and rate else None)
    return OpenedVideo(container, stream, seconds, counted or None, _begins(stream))


def _seconds(container: InputContainer, stream: VideoStream) -> float | None:
    # A header may also say less than nothing.
    if stream.duration and stream.duration > 0 and stream.time_base:
        return float(stream.duration * stream.time_base)
    told = container.duration
    return told / av.time_base if told and told > 0 else None


def _begins(stream: VideoStream) -> float:
    if stream.start_time is None or stream.time_base is None:
        return 0.0
    return float(stream.start_time * stream.time_base)


def too_long(seconds: float, limits: VideoLimits) -> VideoError:
    """The error of a video that is longer than it may be."""
    return VideoError(
        VideoCode.TOO_LONG,
        f"The video lasts {math.ceil(seconds)} seconds; at most {limits.max_seconds:g} are "
        "looked at.",
    )


def check_pixels(width: int, height: int, limits: VideoLimits) -> None:
    """Raises VideoError where one frame has too many pixels."""
    if width * height > limits.max_pixels:
        raise VideoError(
            VideoCode.TOO_MANY_PIXELS,
            f"The video is {width} x {height} pixels; at most {limits.max_pixels} pixels are "
            "decoded.",
        )


def _what(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
