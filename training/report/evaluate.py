"""How good a bundle is: on photographs at hand, or on those that were held back from it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from classifiers import Bundle, Classifier
from training.data.clean import each_image
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import make_targets
from training.errors import TrainingError
from training.promise.holdout import HeldBack
from training.report.metrics import Quality, Summary, measure


def evaluate_photos(
    bundle: Bundle, photos: Sequence[Photo], meanings: Meanings
) -> tuple[list[Quality], Summary]:
    """Runs the bundle on photographs; those that cannot be read are reported and left out."""
    classifier = Classifier(bundle)
    names = [label.name for label in bundle.labels]
    read: list[Photo] = []
    rows: list[list[float]] = []
    for photo, image, trouble in each_image(photos, bundle.manifest.preprocessing.size):
        if image is None:
            print(f"Left out: {photo.path}: {trouble}", file=sys.stderr)
            continue
        scores = classifier.predict([image])[0].scores
        read.append(photo)
        rows.append([scores[name] for name in names])
    if not read:
        raise TrainingError("None of the photographs could be read.")
    truth = make_targets(read, names, meanings).truth
    return measure(bundle.labels, np.array(rows, np.float32), truth)


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
