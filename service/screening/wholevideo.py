"""What a whole video shows, from what its frames show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules import Seen, Sight

LASTING_SECONDS = 1.0
LASTING_FRAMES = 2


@dataclass(frozen=True)
class SeenFrame:
    """What was seen in one frame, which stands for ``seconds`` of its video from ``time`` on."""

    time: float
    seconds: float
    sight: Sight


def whole(frames: Sequence[SeenFrame]) -> Sight:
    """The facts of a video, with scores and the times at which labels have them.

    A label is true of a video if it is of at least two frames, or for a second (of a video that is
    shorter: for half of it). A frame in which it is true and which is not enough for that is a
    flash, and is passed over. Of the others, a label is false where it is in all of them.

    Args:
        frames: at least one, all of one video.
    """
    lasting = min(LASTING_SECONDS, sum(frame.seconds for frame in frames) / 2)
    return {name: _of(name, frames, lasting) for name in frames[0].sight}


def _of(name: str, frames: Sequence[SeenFrame], lasting: float) -> Seen:
    true = [frame for frame in frames if frame.sight[name].fact is True]
    if len(true) >= LASTING_FRAMES or (true and sum(one.seconds for one in true) >= lasting):
        return _likeliest(name, true, True)
    rest = [frame for frame in frames if frame.sight[name].fact is not True]
    fact = False if all(frame.sight[name].fact is False for frame in rest) else None
    return _likeliest(name, rest, fact)


def _likeliest(name: str, frames: Sequence[SeenFrame], fact: bool | None) -> Seen:
    best = max(frames, key=lambda frame: frame.sight[name].score)
    seen = best.sight[name]
    return Seen(seen.score, fact, seen.true_at, seen.false_at, at=round(best.time, 2))
