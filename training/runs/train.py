"""A folder of photographs in, a bundle out."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from classifiers import Bundle
from classifiers.manifest import Preprocessing
from training.data.clean import Photos, read_photos
from training.data.folder import label_names, read_data
from training.data.folds import Folds, split
from training.data.labels import Meanings, read_meanings
from training.data.photo import Photo
from training.data.targets import Targets, make_targets
from training.errors import TrainingError
from training.fit.backbones import BACKBONES, pretrained, untrained
from training.fit.embed import Floats, embed_photos
from training.fit.finetune import Schedule
from training.fit.frozen import Frozen, frozen, frozen_random
from training.fit.network import copy_network, export_network
from training.promise import holdout
from training.promise.bundle import Trained, write_bundle
from training.promise.crossfit import Crossfitted, Sight, crossfit
from training.promise.quick import fit_quickly
from training.promise.settle import settle_all
from training.promise.thresholds import promise_facts, promises
from training.report import card
from training.report.evaluate import evaluate_photos
from training.runs.settings import Settings, precision_here

FEWEST_PHOTOGRAPHS = 30
FEWEST_OF_A_LABEL = 8
# Crops are cut from squares this much larger than what the network takes.
ROOM = 9 / 7


def train(settings: Settings) -> Bundle:
    """Trains, writes and loads a bundle. Raises TrainingError with one sentence where it cannot."""
    backbone = BACKBONES[settings.backbone]
    size = settings.size or backbone.size
    meanings = read_meanings(settings.labels)
    every = (settings.data, *settings.also)
    listed = [photo for data in every for photo in read_data(data, meanings)]
    test = [photo for photo in listed if photo.source in settings.test_sources]
    _check_sources(settings, listed)
    if settings.random_weights and settings.epochs:
        raise TrainingError(
            "Networks trained from random weights cannot be averaged, as --fine-tune does: leave "
            "it out, or measure training from scratch with compare --from-scratch."
        )
    own = [photo for photo in listed if photo.source not in settings.test_sources]
    seen = None if settings.epochs else _look(settings, own, size)
    found = seen.found if seen else read_photos(own, size)
    for sentence in found.left_out:
        print(f"Left out: {sentence}", file=sys.stderr)
    names = _learnable(found.photos, meanings)
    targets = make_targets(found.photos, names, meanings)
    folds = split([photo.source for photo in found.photos], targets, settings.seed)
    if seen:
        result = fit_quickly(seen.embeddings, targets, folds)
        copy_network(seen.network.folder, settings.out)
    else:
        network = pretrained(backbone, size, settings.weights)
        result = _fit(settings, network, found, targets, folds, size)
        network.set_weights(result.state.backbone)
        export_network(network, settings.out)
    trained = _trained(settings, size, found, targets, folds, result, meanings)
    if test:
        write_bundle(trained, meanings, settings.out)
        each, summary = evaluate_photos(Bundle.load(settings.out), test, meanings)
        trained = replace(trained, metrics={**trained.metrics, "test": card.figures(each, summary)})
    trained = replace(
        trained,
        extra={**trained.extra, **card.write(trained, card.origin_of(found, names), meanings)},
    )
    write_bundle(trained, meanings, settings.out)
    return Bundle.load(settings.out)


@dataclass(frozen=True)
class _Seen:
    found: Photos
    embeddings: Floats
    network: Frozen


def _look(settings: Settings, photos: Sequence[Photo], size: int) -> _Seen:
    """The photographs as the pretrained network sees them, from the cache where it has."""
    backbone = BACKBONES[settings.backbone]
    network = (
        frozen_random(backbone, size, settings.seed, settings.cache)
        if settings.random_weights
        else frozen(backbone, size, settings.weights, settings.cache)
    )
    found = embed_photos(photos, network)
    none = np.empty((0, size, size, 3), np.uint8)
    return _Seen(
        Photos(found.photos, none, found.left_out, found.fingerprint), found.embeddings, network
    )


def _check_sources(settings: Settings, photos: Sequence[Photo]) -> None:
    unknown = settings.test_sources - {photo.source for photo in photos}
    if unknown:
        raise TrainingError(
            f"No photograph has the source {', '.join(sorted(unknown))}: --test-sources takes the "
            "names in the column source of labels.csv."
        )


def _learnable(photos: Sequence[Photo], meanings: Meanings) -> list[str]:
    if len(photos) < FEWEST_PHOTOGRAPHS:
        raise TrainingError(
            f"{len(photos)} photographs could be read, but at least {FEWEST_PHOTOGRAPHS} are "
            "needed to train: add more."
        )
    counts = Counter(label for photo in photos for label in photo.labels)
    scarce = [name for name, count in counts.items() if count < FEWEST_OF_A_LABEL]
    if scarce:
        raise TrainingError(
            f"At least {FEWEST_OF_A_LABEL} photographs of a label are needed, but there are only "
            + ", ".join(f"{counts[name]} of {name}" for name in sorted(scarce))
            + ": add more, or take the label out."
        )
    if len({photo.labels for photo in photos}) < 2:
        raise TrainingError(
            "All photographs show the same, so there is nothing to tell apart: add a folder of "
            "another label, or one named none with photographs that show no label."
        )
    return meanings.ordered(label_names(photos))


def _fit(
    settings: Settings,
    network: object,
    found: Photos,
    targets: Targets,
    folds: Folds,
    size: int,
) -> Crossfitted:
    backbone = BACKBONES[settings.backbone]
    learner = untrained(backbone, size, precision_here(settings.precision))
    learner.set_weights(network.get_weights())  # type: ignore[attr-defined]  # keras has no types
    wide = read_photos(found.photos, int(size * ROOM)).pixels
    return crossfit(
        learner,
        backbone,
        Sight(found.pixels, wide),
        targets,
        folds,
        Schedule(epochs=settings.epochs, seed=settings.seed),
    )


def _trained(
    settings: Settings,
    size: int,
    found: Photos,
    targets: Targets,
    folds: Folds,
    result: Crossfitted,
    meanings: Meanings,
) -> Trained:
    backbone = BACKBONES[settings.backbone]
    max_errors = meanings.max_errors(targets.names)
    settled = settle_all(
        result.new,
        result.known,
        targets.truth,
        promises(targets.names, settings.promise, max_errors),
    )
    sources = tuple(photo.source or "" for photo in found.photos)
    held = holdout.HeldBack(result.new, result.known, targets.truth, folds.unseen, sources)
    trained = Trained(
        name=settings.name,
        backbone=backbone.name,
        preprocessing=Preprocessing(size=size, scale=backbone.scale, offset=backbone.offset),
        labels=targets.names,
        kernel=result.state.kernel,
        bias=result.state.bias,
        settled=settled,
        promise=promise_facts(settings.promise, max_errors),
        licence=settings.licence,
        fingerprint=found.fingerprint,
        metrics={},
        extra={holdout.FILE_NAME: holdout.to_bytes(held)},
    )
    return replace(trained, metrics=card.held_back_figures(trained, held, meanings))
