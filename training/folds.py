"""Two halves of the photographs that share no source, as far as the labels allow it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data import Photo

# A source that holds more than this share of a label is split by photograph: kept whole, one half
# could not learn the label at all.
DOMINANT = 0.8


@dataclass(frozen=True)
class Folds:
    """``half`` says 0 or 1 for each photograph; ``unseen`` is true where its source lies wholly in
    one half, so that a network trained on the other half never saw the source."""

    half: NDArray[np.intp]
    unseen: NDArray[np.bool_]


def split(photos: Sequence[Photo], seed: int) -> Folds:
    """Halves with as even a share of every label as whole sources give."""
    random = np.random.default_rng(seed)
    members: dict[str | None, list[int]] = defaultdict(list)
    for index, photo in enumerate(photos):
        members[photo.source].append(index)
    torn = _torn_sources(photos)
    half = np.zeros(len(photos), np.intp)
    unseen = np.ones(len(photos), np.bool_)
    counts = (Counter[str](), Counter[str]())
    for source in sorted(members, key=lambda name: (-len(members[name]), str(name))):
        index = members[source]
        if source is None or source in torn:
            half[index] = _by_photograph(photos, index, random)
            unseen[index] = False
        else:
            half[index] = _lighter(counts, [photos[i] for i in index])
        for i in index:
            counts[half[i]].update(_marks(photos[i]))
    return Folds(half, unseen)


def _marks(photo: Photo) -> frozenset[str]:
    """What is balanced: the labels, and the photographs without one."""
    return photo.labels or frozenset({""})


def _torn_sources(photos: Sequence[Photo]) -> set[str | None]:
    """The sources that a label depends on."""
    by_label: dict[str, Counter[str | None]] = defaultdict(Counter)
    for photo in photos:
        for label in photo.labels:
            by_label[label][photo.source] += 1
    return {
        source
        for counts in by_label.values()
        for source, count in counts.items()
        if count > DOMINANT * counts.total()
    }


def _by_photograph(
    photos: Sequence[Photo], index: Sequence[int], random: np.random.Generator
) -> NDArray[np.intp]:
    """0 and 1 in turn within each combination of labels, in random order."""
    halves = np.zeros(len(index), np.intp)
    groups: dict[frozenset[str], list[int]] = defaultdict(list)
    for place in random.permutation(len(index)):
        groups[photos[index[place]].labels].append(int(place))
    for offset, places in enumerate(groups.values()):
        for turn, place in enumerate(places):
            halves[place] = (turn + offset) % 2
    return halves


def _lighter(counts: tuple[Counter[str], Counter[str]], added: Sequence[Photo]) -> int:
    """The half that the photographs leave most even, label by label."""
    new = Counter(mark for photo in added for mark in _marks(photo))

    def unevenness(half: int) -> int:
        return sum(
            (counts[half][mark] + count - counts[1 - half][mark]) ** 2
            for mark, count in new.items()
        )

    return 0 if unevenness(0) <= unevenness(1) else 1
