"""How good a bundle is: on photographs at hand, or on those that were held back from it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from classifiers import Bundle
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import make_targets
from training.errors import TrainingError
from training.fit.embed import embed_photos
from training.fit.frozen import frozen_of
from training.fit.places import look_at_places
from training.promise.holdout import HeldBack
from training.report.metrics import Quality, Summary, measure

CHUNK = 512  # photographs whose places are in memory at once


def evaluate_photos(
    bundle: Bundle, photos: Sequence[Photo], meanings: Meanings, cache: Path
) -> tuple[list[Quality], Summary]:
    """Measures a bundle on photographs, which it looks at unless the cache has their embeddings.

    Those that cannot be read are reported and left out.
    """
    network = frozen_of(bundle, cache)
    found = embed_photos(photos, network)
    for sentence in found.left_out:
        print(f"Left out: {sentence}", file=sys.stderr)
    if not found.photos:
        raise TrainingError("None of the photographs could be read.")
    truth = make_targets(found.photos, [label.name for label in bundle.labels], meanings).truth
    # Heads that listen to the strongest places need more than the mean of all.
    features = (
        look_at_places(found, network)[:, :, None]
        if any(bundle.heads.sharpness)
        else found.embeddings[:, None, None]
    )
    parts = [features[at : at + CHUNK] for at in range(0, len(features), CHUNK)]
    scores = np.concatenate([bundle.heads.scores(part) for part in parts])
    return measure(bundle.labels, scores, truth)


def evaluate_held_back(
    bundle: Bundle, held: HeldBack, sources: frozenset[str], known: bool
) -> tuple[list[Quality], Summary]:
    """Figures from the stored log-odds, with the bundle's calibration and thresholds.

    Of photographs whose source the network never saw, or, with ``known``, of all photographs, by
    heads that saw others of their source. ``sources`` (if any) chooses among them.
    """
    chosen = np.ones(len(held.sources), np.bool_) if known else held.unseen.copy()
    if sources:
        chosen &= np.array([source in sources for source in held.sources])
    if not chosen.any():
        raise TrainingError("No held-back photograph is among those asked for.")
    return measure(
        bundle.labels,
        bundle.heads.calibrated((held.known if known else held.new)[chosen]),
        held.truth[chosen],
    )
