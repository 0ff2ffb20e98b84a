"""What a prototype would do: of examples held back, and of the newest posts with its hashtag."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intervals import Share
from service.prototypes.examples import Examples
from service.tables import Json
from similarity.duplicates import Floats
from similarity.probe import Probe, fit, held_back, says


@dataclass(frozen=True)
class Trial:
    """A probe fitted to all examples, and what probes without each example's author said of it.

    ``right_for`` and ``right_against`` are precisions of "relevant" and "irrelevant"; ``answered``
    is the share of examples that either was said of. ``newest`` counts what it says of the newest
    posts with the hashtag: for, against, in doubt.
    """

    probe: Probe
    right_for: Share
    right_against: Share
    answered: Share
    newest: tuple[int, int, int]

    @property
    def figures(self) -> Json:
        """The counts, as they are kept."""
        return {
            "right_for": [self.right_for.hits, self.right_for.of],
            "right_against": [self.right_against.hits, self.right_against.of],
            "answered": [self.answered.hits, self.answered.of],
            "newest": list(self.newest),
        }


def trial(given: Examples, newest: Floats) -> Trial:
    """Fit a probe to examples, and say what it would do.

    Args:
        newest: embeddings of the newest posts with the hashtag, [n, dimension]; n may be 0.
    """
    positive = np.array(given.positive)
    scores = held_back(given.embeddings, positive, given.authors)
    said = [None if np.isnan(score) else says(float(score)) for score in scores]
    pairs = list(zip(said, given.positive, strict=True))
    probe = fit(given.embeddings, positive)
    found = [says(float(score)) for score in probe.scores(newest)] if len(newest) else []
    return Trial(
        probe,
        Share(sum(one is True and right for one, right in pairs), said.count(True)),
        Share(sum(one is False and not right for one, right in pairs), said.count(False)),
        Share(len(said) - said.count(None), len(said)),
        (found.count(True), found.count(False), found.count(None)),
    )
