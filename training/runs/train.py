"""Trains a bundle from folders of photographs."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from classifiers import Bundle
from classifiers.manifest import DULLEST, FILE_NAME, SHARPEST, Preprocessing
from training.data.clean import Photos, read_photos
from training.data.corrections import correct, read_corrections
from training.data.families import Families, families_of, read_families
from training.data.folder import label_names, read_all
from training.data.folds import Folds, parts_for_heads, split
from training.data.labels import Meanings, read_meanings
from training.data.names import check_label
from training.data.photo import Photo
from training.data.sample import draw
from training.data.targets import Targets, make_targets
from training.errors import TrainingError
from training.fit.aside import folder_aside
from training.fit.backbones import BACKBONES, pretrained, untrained
from training.fit.embed import embed_photos
from training.fit.finetune import Schedule
from training.fit.frozen import Frozen, frozen, frozen_of, frozen_random, kept
from training.fit.network import Computed, copy_network, export_network
from training.fit.places import Places, look_at_places
from training.fit.probe import Means, Photographs
from training.fit.quantise import examples, quantised
from training.fit.upper import lower_part, maps_of, upper_part
from training.fit.views import Sight
from training.place import check_folder
from training.promise import holdout
from training.promise.bundle import Trained, write_bundle
from training.promise.clusters import cluster_ids
from training.promise.crossfit import Crossfitted, crossfit
from training.promise.crossfit_upper import Serving, crossfit_upper
from training.promise.holdout import HeldBack
from training.promise.quick import fit_quickly
from training.promise.settle import settle_all
from training.promise.thresholds import promise_facts, promises
from training.report import card
from training.report.evaluate import evaluate_photos
from training.runs.settings import BFLOAT16, Settings, precision_here

FEWEST_PHOTOGRAPHS = 30
FEWEST_OF_A_LABEL = 8
# Crops are cut from squares this much larger than what the network takes.
ROOM = 9 / 7


def train(settings: Settings) -> Bundle:
    """Trains, writes and loads a bundle. Raises TrainingError with one sentence where it cannot."""
    _check(settings)
    meanings, families = read_meanings(settings.labels), read_families(settings.families)
    own, test = _photographs(settings, meanings, families)
    # Before anything is looked at, which may take hours.
    _check_enough(own, "are there to learn from")
    for name in sorted(label_names(own)):
        check_label(name)
    check_folder(settings.out)
    with folder_aside(settings.out, FILE_NAME) as half:
        _train(replace(settings, out=half), own, test, meanings, families)
        Bundle.load(half)  # before it takes the place of one that can be loaded
    return Bundle.load(settings.out)


def _train(
    settings: Settings,
    own: Sequence[Photo],
    test: Sequence[Photo],
    meanings: Meanings,
    families: Families,
) -> None:
    """Trains on photographs and writes the bundle, measured on those of the test sources."""
    seen = None if settings.epochs else _look(settings, own)
    size = seen.network.size if seen else settings.size or BACKBONES[settings.backbone].size
    found = seen.found if seen else read_photos(own, size)
    for sentence in found.left_out:
        print(f"Left out: {sentence}", file=sys.stderr)
    _check_enough(found.photos, "could be read")
    names = meanings.ordered(label_names(found.photos))
    targets = make_targets(found.photos, names, meanings)
    if settings.sharpness:
        targets = replace(targets, scenes=(False,) * len(names))
    whole = families_of([photo.source for photo in found.photos], families)
    if seen:
        folds = split(whole, targets, settings.seed, parts_for_heads(whole))
        result = fit_quickly(seen.by_heads, targets, folds)
        copy_network(seen.network.folder, settings.out)
        network = seen.network
    elif settings.train_from:
        folds = split(whole, targets, settings.seed)
        network, result = _fit_upper(settings, settings.train_from, found, targets, folds, size)
        copy_network(network.folder, settings.out)
    else:
        folds = split(whole, targets, settings.seed)
        tuned = pretrained(BACKBONES[settings.backbone], size, settings.weights)
        result = _fit(settings, tuned, found, targets, folds, size)
        tuned.set_weights(result.state.backbone)
        export_network(tuned, settings.out)
        network = Frozen(settings.out, BACKBONES[settings.backbone], size)
    held = HeldBack(
        holdout.rounded(result.new),
        holdout.rounded(result.known),
        targets.truth,
        folds.unseen & ~np.array([one.source in _saw(seen) for one in found.photos]),
        tuple(photo.source or "" for photo in found.photos),
        tuple(family or "" for family in whole),
    )
    trained = _trained(settings, meanings, network, found, held, result, names)
    trained = replace(trained, metrics=card.held_back_figures(trained, held, meanings))
    if test:
        write_bundle(trained, meanings, settings.out)
        each, summary = evaluate_photos(Bundle.load(settings.out), test, meanings, settings.cache)
        trained = replace(trained, metrics={**trained.metrics, "test": card.figures(each, summary)})
    origin = card.origin_of(found, names, _saw(seen))
    extra = {**trained.extra, **card.write(trained, origin, meanings)}
    write_bundle(replace(trained, extra=extra), meanings, settings.out)


def _check(settings: Settings) -> None:
    if settings.random_weights and settings.epochs:
        raise TrainingError(
            "Networks trained from random weights cannot be averaged, as --fine-tune does: leave "
            "it out, or measure training from scratch with compare --from-scratch."
        )
    if settings.epochs and (settings.network or (settings.int8 and not settings.train_from)):
        raise TrainingError(
            "Fine-tuning every layer is a run of its own, in float: train heads on its bundle "
            "afterwards, with --network BUNDLE --int8, or name a layer with --train-from."
        )
    if settings.sharpness and settings.epochs:
        raise TrainingError(
            "--sharpness is for heads alone: fine-tune without it, then train heads on the result "
            "with --network BUNDLE --sharpness."
        )
    if settings.sharpness != 0 and not DULLEST <= settings.sharpness <= SHARPEST:
        raise TrainingError(f"--sharpness is 0, or a number from {DULLEST:g} to {SHARPEST:g}.")


def _photographs(
    settings: Settings, meanings: Meanings, families: Families
) -> tuple[list[Photo], list[Photo]]:
    """Photographs to learn from, and those of the test sources. Sources that share pictures with a
    test source are in neither."""
    listed = read_all((*settings.data, *settings.also), meanings)
    listed = draw(listed, settings.per_source, settings.seed)
    if settings.corrections is not None:
        listed = correct(listed, read_corrections(settings.corrections), meanings)
    _check_sources(settings, listed)
    whole = families_of([photo.source for photo in listed], families)
    apart = set(families_of(sorted(settings.test_sources), families))
    test = [photo for photo in listed if photo.source in settings.test_sources]
    own = [photo for photo, one in zip(listed, whole, strict=True) if one not in apart]
    return own, test


@dataclass(frozen=True)
class _Seen:
    """The photographs as a network that stays as it is sees them; ``sources`` it was tuned on."""

    found: Photos
    by_heads: Photographs
    network: Frozen
    sources: frozenset[str]


def _saw(seen: _Seen | None) -> frozenset[str]:
    return seen.sources if seen else frozenset()


def _look(settings: Settings, photos: Sequence[Photo]) -> _Seen:
    """Embeddings from the cache, where the network has looked at the photographs before."""
    network, sources = _network(settings)
    size = settings.size or network.size
    if settings.int8 and network.precision != "int8":
        chosen = examples(photos, size, settings.seed)
        network = quantised(network, size, chosen, settings.seed, settings.cache)
    elif size != network.size:
        raise TrainingError(f"The network of {settings.network} takes {network.size} pixels only.")
    found = embed_photos(photos, network)
    none = np.empty((0, size, size, 3), np.uint8)
    photographs = Photos(found.photos, none, found.left_out, found.fingerprint)
    if settings.sharpness and found.photos:
        places = Places(look_at_places(found, network), settings.sharpness)
        return _Seen(photographs, places, network, sources)
    return _Seen(photographs, Means(found.embeddings), network, sources)


def _network(settings: Settings) -> tuple[Frozen, frozenset[str]]:
    """The network to put heads on, and the sources that it was fine-tuned on before."""
    if settings.network is not None:
        bundle = Bundle.load(settings.network)
        return frozen_of(bundle, settings.cache), card.network_sources_of(card.of_bundle(bundle))
    backbone = BACKBONES[settings.backbone]
    size = settings.size or backbone.size
    if settings.random_weights:
        return frozen_random(backbone, size, settings.seed, settings.cache), frozenset()
    return frozen(backbone, size, settings.weights, settings.cache), frozenset()


def _check_sources(settings: Settings, photos: Sequence[Photo]) -> None:
    unknown = settings.test_sources - {photo.source for photo in photos}
    if unknown:
        raise TrainingError(
            f"No photograph has the source {', '.join(sorted(unknown))}: --test-sources takes the "
            "names in the column source of labels.csv."
        )


def _check_enough(photos: Sequence[Photo], told: str) -> None:
    """Raises TrainingError where too little can be learned; those that cannot be read make less."""
    if len(photos) < FEWEST_PHOTOGRAPHS:
        raise TrainingError(
            f"{len(photos)} photographs {told}, but at least {FEWEST_PHOTOGRAPHS} are "
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


def _fit_upper(
    settings: Settings, layer: str, found: Photos, targets: Targets, folds: Folds, size: int
) -> tuple[Frozen, Crossfitted]:
    backbone = BACKBONES[settings.backbone]
    network = pretrained(backbone, size, settings.weights)
    start = frozen(backbone, size, settings.weights, settings.cache)
    origin = f"{start.folder.name} up to {layer}"
    lower = kept(backbone, size, origin, settings.cache, lambda: lower_part(network, layer))
    sight = Sight(found.pixels, read_photos(found.photos, int(size * ROOM)).pixels)
    precision = precision_here(settings.precision)
    quickly: Computed = "bf16" if precision == BFLOAT16 else "f32"
    maps = maps_of(lower, sight, targets, quickly)
    learner = untrained(backbone, size, precision)
    learner.set_weights(network.get_weights())
    return crossfit_upper(
        Serving(network, layer, start, found.photos, settings.int8, settings.seed, settings.cache),
        upper_part(learner, layer),
        lower,
        maps,
        targets,
        folds,
        Schedule(epochs=settings.epochs, seed=settings.seed),
    )


def _trained(
    settings: Settings,
    meanings: Meanings,
    network: Frozen,
    found: Photos,
    held: HeldBack,
    result: Crossfitted,
    names: Sequence[str],
) -> Trained:
    backbone = network.backbone
    max_errors = meanings.max_errors(names)
    settled = settle_all(
        held.new,
        held.known,
        held.truth,
        promises(names, settings.promise, max_errors),
        ids=cluster_ids(held.families),
    )
    return Trained(
        name=settings.name,
        backbone=backbone.name,
        preprocessing=Preprocessing(
            size=network.size, scale=backbone.scale, offset=backbone.offset
        ),
        labels=tuple(names),
        kernel=result.state.kernel,
        bias=result.state.bias,
        settled=settled,
        promise=promise_facts(settings.promise, max_errors),
        licence=settings.licence,
        fingerprint=found.fingerprint,
        metrics={},
        extra={holdout.FILE_NAME: holdout.to_bytes(held)},
        precision=network.precision,
        sharpness=(settings.sharpness,) * len(names),
        exclusive_scenes=not settings.sharpness,
    )
