"""What one video may cost, and the error that says that it cannot be had."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class VideoCode(StrEnum):
    """Why a video cannot be had."""

    EMPTY = "empty"  # no bytes
    TOO_LARGE = "too_large"  # too many bytes
    NOT_A_VIDEO = "not_a_video"  # no container that is read
    PICTURE = "picture"  # a photograph or an animated picture, whatever it is named
    NO_INDEX = "no_index"  # an MP4 that breaks off before the index, without which nothing is found
    NO_VIDEO_TRACK = "no_video_track"  # sound only, say
    NO_FRAMES = "no_frames"  # a video track of which no frame can be decoded
    DAMAGED = "damaged"  # the container cannot be read
    UNSUPPORTED = "unsupported"  # a codec that is not decoded, or a decoder that gave up
    TOO_LONG = "too_long"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_STREAMS = "too_many_streams"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_SLOW = "too_slow"


class VideoError(Exception):
    """A file that cannot be had as a video; ``message`` says in one sentence what was wrong."""

    def __init__(self, code: VideoCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class VideoLimits:
    """The most that one video may cost.

    ``max_pixels`` are those of one frame. ``max_decoded`` counts frames, also those that are only
    passed on the way to another. A video with more than ``whole_pixels`` in all of its frames is
    looked at in places only. ``max_memory`` is what decoding may take, in bytes.
    """

    max_bytes: int = 200 * 2**20
    max_seconds: float = 1800.0
    max_pixels: int = 4096 * 2304
    max_streams: int = 16
    max_decoded: int = 20_000
    whole_pixels: int = 500_000_000
    max_memory: int = 768 * 2**20
