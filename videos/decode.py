"""Frames of an opened video in order of time: all of them, or some from everywhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

import av
from av.video.frame import VideoFrame

from videos.limits import VideoCode, VideoError, VideoLimits
from videos.source import OpenedVideo, check_pixels, too_long

PLACES = 120  # that a long video is looked at in
RUN = 4  # frames looked at in one place, from which motion is told
LONGEST_WAY = 300  # frames passed at most from a key frame to the one that is wanted
GAP_SHARE = 1 / 24  # of the length: no gap between frames is longer while the work allows it
MOST_ERRORS = 200  # in a row; a damaged tail has one a packet


class Decoded(NamedTuple):
    """A frame, and its time in seconds from the beginning. ``torn``: it is damaged, or one from
    which it was predicted."""

    time: float
    frame: VideoFrame
    torn: bool


class Decoder:
    """Decodes one video within its limits.

    ``in_places``: not the whole video is decoded. Afterwards ``damaged`` tells whether a part could
    not be decoded, and ``cut_short`` whether time or frames ran out before the end.
    """

    def __init__(self, source: OpenedVideo, limits: VideoLimits, deadline: float) -> None:
        """``deadline``: when to stop, on the clock of ``time.monotonic``."""
        self._source = source
        self._limits = limits
        self._deadline = deadline
        self._decoded = 0
        self.damaged = False
        self.cut_short = False
        self.in_places = _is_large(source, limits)
        source.stream.thread_type = "NONE"  # threads hold frames, and children are many already

    def frames(self) -> Iterator[Decoded]:
        """Frames in order of time.

        Raises:
            VideoError: the codec is not decoded, or a frame is larger than the header said.
        """
        if self._source.stream.codec_context is None:
            raise VideoError(VideoCode.UNSUPPORTED, "The video's codec is not decoded.")
        return self._some() if self.in_places else self._all()

    def _all(self) -> Iterator[Decoded]:
        last = -1.0
        for one in self._from_here():
            if one.time > self._limits.max_seconds:
                raise too_long(one.time, self._limits)
            if one.time > last:
                last = one.time
                yield one

    def _some(self) -> Iterator[Decoded]:
        """Key frames near evenly spaced times, each with its next few. Where key frames are rare,
        frames on the way from one to the next, too."""
        seconds = self._source.seconds or 0.0
        last = -1.0
        for place in range(PLACES):
            wanted = seconds * place / PLACES
            if wanted <= last:
                continue
            if self._spent():
                return
            taken = 0
            for number, one in enumerate(self._from(wanted)):
                known = one.time <= last  # the key frame that was found from an earlier place
                if known and wanted - last < seconds * GAP_SHARE:
                    break
                if known or (taken == 0 and one.time < wanted - seconds * GAP_SHARE):
                    if number > LONGEST_WAY:
                        break
                    continue
                last, taken = one.time, taken + 1
                yield one
                if taken == RUN:
                    break

    def _from(self, seconds: float) -> Iterator[Decoded]:
        """Frames from the key frame before a time on; none where the file cannot be searched."""
        stream, base = self._source.stream, self._source.stream.time_base
        try:
            offset = int((seconds + self._source.begins) / (base or 1))
            self._source.container.seek(offset, stream=stream, backward=True)
        except (av.FFmpegError, OSError):
            self.damaged = True
            return iter(())
        return self._from_here()

    def _from_here(self) -> Iterator[Decoded]:
        errors, torn = 0, False
        packets = self._source.container.demux(self._source.stream)
        while not self._spent():
            try:
                frames = next(packets).decode()
                errors = 0
            except StopIteration:
                return
            except av.EOFError:
                return
            except MemoryError:  # one of FFmpeg's errors, too, and no fault of the packet
                raise
            except (av.FFmpegError, ValueError):
                self.damaged = torn = True
                errors += 1
                if errors > MOST_ERRORS:
                    return
                continue
            for frame in frames:
                self._decoded += 1
                check_pixels(frame.width, frame.height, self._limits)
                torn = frame.is_corrupt or (torn and not frame.key_frame)
                self.damaged |= torn
                if frame.time is not None:
                    yield Decoded(max(0.0, frame.time - self._source.begins), frame, torn)

    def _spent(self) -> bool:
        if self._decoded >= self._limits.max_decoded or time.monotonic() > self._deadline:
            self.cut_short = True
        return self.cut_short


def _is_large(source: OpenedVideo, limits: VideoLimits) -> bool:
    """Whether a video is looked at in places only."""
    if source.frames is None or not source.seconds or source.frames <= PLACES * RUN:
        return False  # places would be all of it, with its key frames decoded again for each
    return source.frames * source.stream.width * source.stream.height > limits.whole_pixels
