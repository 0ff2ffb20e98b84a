"""Videos as numbers: what was counted, and what is known without looking at the thumbnail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.thumbnails.channels import Video

Doubles = NDArray[np.float64]
Target = Literal["views", "subscribers"]


@dataclass(frozen=True)
class Numbers:
    """One row a video. ``counted`` float64 [n] is the natural logarithm of one plus the target;
    ``context`` [n, k] are logarithms, too, named by ``known``; ``channel`` int [n] says whose
    videos belong together."""

    target: Target
    known: tuple[str, ...]
    counted: Doubles
    context: Doubles
    channel: NDArray[np.int64]


def numbers_of(videos: Sequence[Video], target: Target) -> Numbers:
    """Subscribers are a channel's size, so that they tell of views and not of themselves."""
    counted = np.log1p([getattr(video, target) for video in videos])
    columns = {"age": np.log1p([video.days for video in videos])}
    if target == "views":
        columns["channel size"] = np.log1p([video.subscribers for video in videos])
    _, channel = np.unique([video.channel for video in videos], return_inverse=True)
    context = np.stack(list(columns.values()), axis=1)
    return Numbers(target, tuple(columns), counted, context, channel.astype(np.int64))
