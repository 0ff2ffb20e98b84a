"""The frames of a video, or the pictures of a set, that make the best thumbnails.

Chosen one after the other by maximal marginal relevance (J. Carbonell and J. Goldstein, The use of
MMR, SIGIR 1998): good, close to the references, and unlike those that were chosen before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from similarity.duplicates import Floats

Doubles = NDArray[np.float64]

NEAREST = 5  # references that a frame is compared with: a style has several looks
CLOSENESS = 0.4  # weight of likeness to references; quality has the rest
TYPICAL = 0.25  # the same, of likeness to the rest of the video, where there are no references
UNLIKE = 0.5  # how much a frame loses that is the same as one chosen before
OTHER = 0.9  # cosine, at most, of frames that have nothing more in common than their video
SOON = 0.05  # of the video's length: frames so close in time are alike, whatever they show
SHARP_SHARE = 0.5  # of the sharpest frame of a shot: below, a frame is out of focus beside it
HALF = 0.5  # of the strongest place of a map: above lies what is taken for the subject
LARGE = 0.15  # share of the picture from which on a subject is large enough
SMALL_COSTS = 0.2  # of the quality, at most, of a subject that can hardly be seen
FEW_FROZEN = 0.25  # of the frames; more, and it is a video of stills


class Measured(Protocol):
    """What is measured of one frame."""

    @property
    def score(self) -> float:
        """How good it is, in 0..1."""

    @property
    def sharpness(self) -> float:
        """By any measure."""

    @property
    def faults(self) -> Sequence[str]:
        """What speaks against showing it."""

    @property
    def frozen(self) -> bool:
        """Exactly as the frame before or after."""


class Framed(Protocol):
    """A frame of a video."""

    @property
    def time(self) -> float:
        """In seconds from the beginning."""

    @property
    def shot(self) -> int:
        """The number of its shot."""

    @property
    def quality(self) -> Measured:
        """What is measured of it."""


@dataclass(frozen=True)
class Candidate:
    """One frame: its time in seconds (None: a picture of no video), its shot, its ``quality`` in
    0..1, its ``sharpness`` by any measure, and whether it has a fault for which it should not be
    shown. ``subject`` is the share of the picture that its subject takes (None: not known)."""

    time: float | None
    shot: int
    quality: float
    sharpness: float
    faulty: bool
    subject: float | None = None


@dataclass(frozen=True)
class Chosen:
    """A frame by its index among the candidates, and its parts, each in 0..1.

    ``score`` weighs quality and closeness; ``closeness`` is the mean cosine to the nearest
    references, or, where there are none, to the other frames. ``alike`` is how much it is like the
    likest of those that were chosen before; 0 for the first.
    """

    index: int
    score: float
    quality: float
    closeness: float
    alike: float


def candidates_of(frames: Sequence[Framed]) -> list[Candidate]:
    """The frames of one video, to choose from.

    A frame that stands still where others move is a title, or what a damaged file left behind.
    """
    suspect = sum(frame.quality.frozen for frame in frames) <= FEW_FROZEN * len(frames)
    return [
        Candidate(
            time=frame.time,
            shot=frame.shot,
            quality=frame.quality.score,
            sharpness=frame.quality.sharpness,
            faulty=bool(frame.quality.faults) or (suspect and frame.quality.frozen),
        )
        for frame in frames
    ]


def pictures_of(measured: Sequence[Measured]) -> list[Candidate]:
    """Pictures that have nothing to do with each other, to choose from."""
    return [
        Candidate(None, shot, one.score, one.sharpness, bool(one.faults))
        for shot, one in enumerate(measured)
    ]


def choose(
    candidates: Sequence[Candidate], embeddings: Floats, references: Floats | None, most: int
) -> list[Chosen]:
    """The best frames, the best one first.

    A frame with a fault is chosen only where every frame has one, so there may be fewer than
    ``most``.

    Args:
        candidates: at least one; those of a video in order of time.
        embeddings: of each, L2-normalised, [candidates, dimension].
        references: embeddings of pictures like which they are to be, [n, dimension], n at least 1.
        most: how many frames are wanted.
    """
    sound = np.array([not one.faulty for one in candidates])
    pool = np.flatnonzero(sound if sound.any() else ~sound)
    quality = _quality(candidates)
    if references is None:
        weight, closeness = TYPICAL, _typical(embeddings, pool)
    else:
        weight, closeness = CLOSENESS, _closeness(embeddings, references)
    score = (1 - weight) * quality + weight * _spread(closeness, pool)
    alike = _alike(candidates, embeddings)
    chosen: dict[int, float] = {}
    while len(chosen) < min(most, len(pool)):
        likest = alike[:, list(chosen)].max(axis=1) if chosen else np.zeros(len(candidates))
        worth = score - UNLIKE * likest
        worth[[at for at in range(len(candidates)) if at in chosen or at not in pool]] = -np.inf
        best = int(worth.argmax())
        chosen[best] = float(np.clip(likest[best], 0, 1))
    return [
        Chosen(at, float(score[at]), float(quality[at]), float(np.clip(closeness[at], 0, 1)), like)
        for at, like in chosen.items()
    ]


def subject_share(attention: Floats) -> float:
    """The share of a picture that its subject takes, in 0..1: where a class-activation map [h, w],
    whose strongest place is 1, is above half of that."""
    return float((attention > HALF).mean())


def _large(subject: float | None) -> float:
    """What is left of the quality for how large the subject is."""
    return 1.0 if subject is None else 1 - SMALL_COSTS * max(0.0, 1 - subject / LARGE)


def _quality(candidates: Sequence[Candidate]) -> Doubles:
    """Quality, less where the same shot has much sharper frames, or the subject is small."""
    sharpest: dict[int, float] = {}
    for one in candidates:
        sharpest[one.shot] = max(sharpest.get(one.shot, 0.0), one.sharpness)
    focus = [
        min(1.0, one.sharpness / max(SHARP_SHARE * sharpest[one.shot], 1e-9)) for one in candidates
    ]
    return np.array(
        [
            one.quality * share * _large(one.subject)
            for one, share in zip(candidates, focus, strict=True)
        ]
    )


def _closeness(embeddings: Floats, references: Floats) -> Doubles:
    cosines = embeddings @ references.T
    return np.asarray(np.sort(cosines, axis=1)[:, -NEAREST:].mean(axis=1), np.float64)


def _typical(embeddings: Floats, pool: NDArray[np.intp]) -> Doubles:
    return np.asarray((embeddings @ embeddings[pool].T).mean(axis=1), np.float64)


def _spread(closeness: Doubles, pool: NDArray[np.intp]) -> Doubles:
    """From the least close frame, 0, to the closest, 1: cosines of one video lie close together."""
    least, closest = closeness[pool].min(), closeness[pool].max()
    return np.asarray(np.clip((closeness - least) / max(closest - least, 0.05), 0, 1))


def _alike(candidates: Sequence[Candidate], embeddings: Floats) -> Doubles:
    """How alike frames are, in 0..1, by what they show and by when."""
    cosines = embeddings @ embeddings.T
    unlike = min(float(cosines.min()), OTHER)
    shown = np.asarray((cosines - unlike) / (1 - unlike), np.float64)
    times = np.array([one.time for one in candidates if one.time is not None])
    if len(times) < len(candidates):
        return shown
    soon = max(SOON * float(times.max() - times.min()), 1e-9)
    near = np.exp(-np.abs(times[:, None] - times[None, :]) / soon)
    return np.asarray(np.maximum(shown, near), np.float64)
