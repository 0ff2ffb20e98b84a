"""Videos looked at in sandboxed processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from sandbox import CrashedError, OutOfMemoryError, OutOfTimeError, Sandbox
from videos.limits import VideoCode, VideoError, VideoLimits
from videos.quality import Quality
from videos.wish import Wish

SOFT_SHARE = 0.75  # of the time: then a child answers with what it has, before it is killed


@dataclass(frozen=True)
class Frame:
    """A kept frame, in seconds from the beginning: it stands for a stretch of one shot.

    ``image`` is RGB, to look at; ``jpeg``, ``width`` by ``height`` pixels, to show, upright and in
    the video's own aspect.
    """

    time: float
    start: float
    end: float
    shot: int
    quality: Quality
    image: Image.Image
    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Watched:
    """A video: how long it says it is, and its kept frames in order of time, at least one.

    ``damaged``: a part could not be decoded. ``cut_short``: the end was not looked at, because time
    or decoded frames ran out.
    """

    seconds: float
    damaged: bool
    cut_short: bool
    frames: tuple[Frame, ...]


class Watcher:
    """Decodes what strangers send, in ``processes`` children. Threads may share it."""

    def __init__(self, limits: VideoLimits, processes: int) -> None:
        self.limits = limits
        self._sandbox = Sandbox("videos.watch:watch", processes, limits.max_memory)

    def watch(self, path: Path, wish: Wish, seconds: float) -> Watched:
        """The frames of a video file that are worth looking at.

        ``seconds`` count from when a child is free.

        Raises:
            VideoError: it cannot be had, or not at this cost.
            sandbox.StartError: no child could be started.
        """
        options = {
            "path": str(path.absolute()),
            "limits": asdict(self.limits),
            "wish": asdict(wish),
            "seconds": seconds * SOFT_SHARE,
        }
        try:
            found, parts = self._sandbox.call(options, b"", seconds)
        except OutOfTimeError:
            message = f"Decoding the video took longer than {seconds:.3g} seconds."
            raise VideoError(VideoCode.TOO_SLOW, message) from None
        except OutOfMemoryError:
            message = "Decoding the video takes more memory than is given."
            raise VideoError(VideoCode.TOO_MUCH_MEMORY, message) from None
        except CrashedError:
            message = "The video's decoder gave up on it."
            raise VideoError(VideoCode.UNSUPPORTED, message) from None
        if "error" in found:
            code, message = found["error"]
            raise VideoError(VideoCode(code), message)
        frames = zip(found["frames"], parts[::2], parts[1::2], strict=True)
        return Watched(
            seconds=found["seconds"],
            damaged=found["damaged"],
            cut_short=found["cut_short"],
            frames=tuple(_frame(values, jpeg, pixels) for values, jpeg, pixels in frames),
        )

    def close(self) -> None:
        """End the children."""
        self._sandbox.close()


def _frame(values: Mapping[str, Any], jpeg: bytes, pixels: bytes) -> Frame:
    width, height = values["size"]
    return Frame(
        time=values["time"],
        start=values["start"],
        end=values["end"],
        shot=values["shot"],
        quality=Quality(**values["quality"]),
        image=Image.frombytes("RGB", tuple(values["looked_at"]), pixels),
        jpeg=jpeg,
        width=width,
        height=height,
    )
