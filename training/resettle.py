"""Other thresholds for a bundle, from what it keeps of its held-back photographs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from safetensors.numpy import load_file

from classifiers import Bundle
from classifiers.bundle import HEADS
from training import card, heldback
from training.errors import TrainingError
from training.export import Trained, write_bundle
from training.labels import Meanings
from training.settle import settle_all
from training.thresholds import Promise, promise_facts, promises


def resettle(folder: Path, promise: Promise, meanings: Meanings) -> Bundle:
    """Calibrates a bundle and chooses its thresholds anew; the network stays as it is.

    Args:
        folder: the bundle; its manifest and card are written anew.
        promise: of every label that has none of its own in ``meanings``.
        meanings: what the labels mean.

    Raises:
        BundleError, TrainingError: it cannot be read, or keeps nothing of held-back photographs.
    """
    bundle = Bundle.load(folder)
    held = heldback.of_bundle(bundle)
    manifest, heads = bundle.manifest, load_file(folder / HEADS)
    names = tuple(entry.name for entry in manifest.labels)
    if card.JSON not in manifest.files:
        raise TrainingError(f"{folder} has no {card.JSON}: it was not written by this program.")
    origin = card.origin_in((folder / card.JSON).read_bytes())
    max_errors = meanings.max_errors(names)
    trained = Trained(
        name=manifest.name,
        backbone=manifest.backbone,
        preprocessing=manifest.preprocessing,
        labels=names,
        kernel=heads["kernel"],
        bias=heads["bias"],
        settled=settle_all(held.new, held.known, held.truth, promises(names, promise, max_errors)),
        promise=promise_facts(promise, max_errors),
        licence=manifest.licence,
        fingerprint=manifest.fingerprint,
        metrics={},
        versions=manifest.versions,
        extra={heldback.FILE_NAME: (folder / heldback.FILE_NAME).read_bytes()},
    )
    trained = replace(trained, metrics=card.held_back_figures(trained, held, meanings))
    trained = replace(trained, extra={**trained.extra, **card.write(trained, origin, meanings)})
    write_bundle(trained, meanings, folder)
    return Bundle.load(folder)
