"""What a sandboxed process does with a video: the frames to keep, from everywhere in it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import cv2

from videos.decode import Decoder
from videos.keep import Keeper, KeptFrame
from videos.limits import VideoCode, VideoError, VideoLimits
from videos.looks import looks, spacing
from videos.source import opened
from videos.wish import Wish

av.logging.set_level(None)  # damaged files make FFmpeg talk; what matters is in the answer
cv2.setNumThreads(1)


def watch(options: Mapping[str, Any], _: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Looks at a video file.

    Args:
        options: ``path``; ``limits`` (the fields of VideoLimits); ``wish`` (the fields of Wish);
            ``seconds`` after which decoding stops and what is there is answered.

    Returns:
        ``seconds`` of the video, whether it is ``damaged`` and was ``cut_short``, and ``frames``,
        with a JPEG and RGB bytes each; or ``error``, a code and a message.
    """
    try:
        return _watched(options)
    except VideoError as error:
        return {"error": [error.code.value, error.message]}, []
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise


def _watched(options: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    limits, wish = VideoLimits(**options["limits"]), Wish(**options["wish"])
    deadline = time.monotonic() + options["seconds"]
    with opened(Path(options["path"]), limits) as source:
        decoder = Decoder(source, limits, deadline)
        aspect = source.stream.sample_aspect_ratio
        keeper = Keeper(wish, aspect, source.seconds)
        apart = 0.0 if decoder.in_places else spacing(source.seconds)
        kept = keeper.keep(looks(decoder.frames(), aspect, apart, wish.shown), source.seconds)
        if not kept:
            raise _nothing(decoder)
        seconds = source.seconds if source.seconds is not None else kept[-1].end
    answer = {
        "seconds": seconds,
        "damaged": decoder.damaged,
        "cut_short": decoder.cut_short,
        "frames": [_values(one) for one in kept],
    }
    return answer, [part for one in kept for part in (one.jpeg, one.pixels.tobytes())]


def _nothing(decoder: Decoder) -> VideoError:
    if decoder.cut_short:
        return VideoError(VideoCode.TOO_SLOW, "No frame was decoded in the time that is given.")
    return VideoError(
        VideoCode.NO_FRAMES,
        "No frame of the video can be decoded."
        + (" It is damaged." if decoder.damaged else " It holds none."),
    )


def _values(kept: KeptFrame) -> dict[str, Any]:
    height, width = kept.pixels.shape[:2]
    return {
        "time": kept.time,
        "start": kept.start,
        "end": kept.end,
        "shot": kept.shot,
        "quality": asdict(kept.quality),
        "size": kept.size,
        "looked_at": (width, height),
    }
