"""Parts of the photographs that share no source, as far as the labels allow it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data.targets import Targets

Floats = NDArray[np.float64]

PARTS = 3  # networks of a fine-tuning run, each trained without one part
MOST_PARTS = 12  # of heads, which take seconds
SOURCES_A_PART = 3
# A source that holds more than this share of a label is split by photograph: kept whole, the
# others could not teach the label at all.
DOMINANT = 0.9


@dataclass(frozen=True)
class Folds:
    """``part`` says for each photograph which part it is in; ``unseen`` is true where its source
    lies wholly in that part, so that a network trained on the other parts never saw the source."""

    part: NDArray[np.intp]
    unseen: NDArray[np.bool_]

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return int(self.part.max()) + 1


def parts_for_heads(sources: Sequence[str | None]) -> int:
    """How many parts to make: about three sources in each, so that heads see nearly all others."""
    count = len(set(sources) - {None})
    return min(MOST_PARTS, max(PARTS, count // SOURCES_A_PART))


def split(sources: Sequence[str | None], targets: Targets, seed: int, parts: int = PARTS) -> Folds:
    """Divides photographs by source into parts with shares of each label as even as possible.

    ``sources`` names what must stay whole: families, where sources share pictures.
    """
    random = np.random.default_rng(seed)
    shown = np.nan_to_num(targets.truth.astype(np.float64))
    marks = np.concatenate([shown, shown.sum(axis=1, keepdims=True) == 0], axis=1)
    members: dict[str | None, list[int]] = defaultdict(list)
    for place, source in enumerate(sources):
        members[source].append(place)
    part = np.zeros(len(sources), np.intp)
    unseen = np.ones(len(sources), np.bool_)
    counts = np.zeros((parts, marks.shape[1]))
    for source in sorted(members, key=lambda name: (-len(members[name]), str(name))):
        index = np.array(members[source])
        if source is None or _depended_on(marks, index):
            part[index] = _by_photograph(marks[index], random, parts)
            unseen[index] = False
        else:
            part[index] = _lightest(counts, marks[index].sum(axis=0))
        for one in range(parts):
            counts[one] += marks[index[part[index] == one]].sum(axis=0)
    return Folds(part, unseen)


def _depended_on(marks: Floats, index: NDArray[np.intp]) -> bool:
    """Whether some label would all but vanish without these photographs."""
    labels = marks[:, :-1]
    return bool((labels[index].sum(axis=0) > DOMINANT * labels.sum(axis=0)).any())


def _by_photograph(marks: Floats, random: np.random.Generator, parts: int) -> NDArray[np.intp]:
    """The parts in turn within each combination of labels, in random order."""
    found = np.zeros(len(marks), np.intp)
    _, groups = np.unique(marks, axis=0, return_inverse=True)
    for group in range(groups.max() + 1):
        places = random.permutation(np.flatnonzero(groups == group))
        found[places] = (np.arange(len(places)) + group) % parts
    return found


def _lightest(counts: Floats, added: Floats) -> int:
    """The part that has least of what is added; of equal ones the smallest."""
    overlap = counts @ added
    return int(np.lexsort((counts.sum(axis=1), overlap))[0])
