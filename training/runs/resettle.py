"""Calibrates a bundle anew, or chooses other thresholds, by its held-back photographs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from classifiers import Bundle
from classifiers.bundle import HEADS
from training.data.labels import Meanings
from training.promise import holdout
from training.promise.bundle import Trained, write_bundle
from training.promise.calibrate import way_of
from training.promise.calibration import Tried, try_ways
from training.promise.clusters import cluster_ids
from training.promise.settle import KNOWN, settle_all
from training.promise.thresholds import Promise, promise_facts, promises_of
from training.report import card


def resettle(folder: Path, promise: Promise, meanings: Meanings) -> Bundle:
    """Chooses a bundle's thresholds by another promise, calibrated anew in the way that it is.

    Args:
        folder: the bundle; its manifest and card are written anew, the network stays as it is.
        promise: of every label that has none of its own in ``meanings``.
        meanings: what the labels mean.

    Raises:
        BundleError, TrainingError: it cannot be read, or keeps nothing of held-back photographs.
    """
    bundle = Bundle.load(folder)
    facts = promise_facts(promise, meanings.max_errors([label.name for label in bundle.labels]))
    return _settled_anew(bundle, facts, way_of(bundle.heads.calibrations), meanings)


def recalibrate(folder: Path, way: str, meanings: Meanings) -> Bundle:
    """Calibrates a bundle in one of ``training.promise.calibrate.WAYS``.

    Thresholds are of scores, so that they are chosen anew with them, by the promise that the bundle
    has. Its manifest and card are written anew, the network stays as it is. Raises BundleError and
    TrainingError as ``resettle``.
    """
    bundle = Bundle.load(folder)
    return _settled_anew(bundle, bundle.manifest.promise, way, meanings)


def try_calibrations(bundle: Bundle, seed: int) -> list[Tried]:
    """Each way, on what the bundle keeps of its held-back photographs.

    A label is measured on the log-odds that it rests on: for new sources, or for known ones.
    """
    held = holdout.of_bundle(bundle)
    names = [label.name for label in bundle.labels]
    said = card.of_bundle(bundle)["thresholds"]
    rests_on_new = np.array([said[name]["basis"] != KNOWN for name in names])
    return try_ways(names, np.where(rests_on_new, held.new, held.known), held.truth, seed)


def _settled_anew(
    bundle: Bundle, promise: Mapping[str, float], way: str, meanings: Meanings
) -> Bundle:
    held = holdout.of_bundle(bundle)
    folder, manifest = bundle.path, bundle.manifest
    heads, origin = load_file(folder / HEADS), card.origin_of_card(card.of_bundle(bundle))
    names = tuple(entry.name for entry in manifest.labels)
    # Network and heads stay, and with them what a machine has to compute; which scenes exclude each
    # other is said by the groups.
    same = all(entry.group == meanings.of(entry.name).group for entry in manifest.labels)
    trained = Trained(
        name=manifest.name,
        backbone=manifest.backbone,
        preprocessing=manifest.preprocessing,
        labels=names,
        kernel=heads["kernel"],
        bias=heads["bias"],
        settled=settle_all(
            held.new,
            held.known,
            held.truth,
            promises_of(names, promise),
            way,
            cluster_ids(held.families),
        ),
        promise=promise,
        licence=manifest.licence,
        fingerprint=manifest.fingerprint,
        metrics={},
        versions=manifest.versions,
        precision=manifest.precision,
        sharpness=tuple(entry.sharpness for entry in manifest.labels),
        exclusive_scenes=manifest.exclusive_scenes,
        extra={holdout.FILE_NAME: (folder / holdout.FILE_NAME).read_bytes()},
        canary=manifest.canary if same else (),
    )
    trained = replace(trained, metrics=card.held_back_figures(trained, held, meanings))
    trained = replace(trained, extra={**trained.extra, **card.write(trained, origin, meanings)})
    write_bundle(trained, meanings, folder)
    return Bundle.load(folder)
