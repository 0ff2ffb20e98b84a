"""Adds a label to a bundle. What the bundle says of its other labels does not change."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from classifiers import Bundle
from classifiers.bundle import HEADS
from classifiers.manifest import FILE_NAME
from training.data.labels import Meanings
from training.data.names import check_label
from training.data.photo import Photo
from training.data.targets import Targets, make_targets
from training.errors import TrainingError
from training.fit.aside import folder_aside
from training.fit.embed import Embedded, Floats, embed_photos
from training.fit.frozen import frozen_of
from training.fit.network import copy_network
from training.fit.probe import fit_heads
from training.place import check_folder
from training.promise import holdout
from training.promise.bundle import Trained, write_bundle
from training.promise.calibrate import way_of
from training.promise.holdout import HeldBack
from training.promise.settle import KNOWN, Settled, settle
from training.promise.thresholds import Promise, Thresholds
from training.report import card
from training.runs.settings import check_name

FEWEST = 20
FOLDS = 5


@dataclass(frozen=True)
class Extension:
    """A label, the photographs that show it, and those that do not (the base set).

    At most ``most`` photographs of the base are drawn, seeded.
    """

    label: str
    shown: Sequence[Photo]
    base: Sequence[Photo]
    promise: Promise
    cache: Path
    most: int = 2000
    seed: int = 0


def extend(bundle: Bundle, asked: Extension, out: Path, meanings: Meanings) -> Bundle:
    """Writes the bundle with the label added: a column of the heads, its calibration, thresholds.

    Scores of the photographs come from heads that did not see them (five parts), so that the
    promise is made as for other labels, for photographs like those given. Raises TrainingError.
    """
    _check(bundle, asked, out, meanings)
    random = np.random.default_rng(asked.seed)
    said = make_targets(asked.base, [asked.label], meanings).truth[:, 0]
    base = [photo for photo, one in zip(asked.base, said, strict=True) if not np.isnan(one)]
    places = sorted(random.permutation(len(base))[: asked.most])
    shown = [replace(photo, labels=frozenset({asked.label})) for photo in asked.shown]
    found = embed_photos(
        [*shown, *(base[place] for place in places)], frozen_of(bundle, asked.cache)
    )
    for sentence in found.left_out:
        print(f"Left out: {sentence}", file=sys.stderr)
    truth = np.array([[asked.label in photo.labels] for photo in found.photos], np.float32)
    if truth.sum() < FEWEST or truth.sum() > len(truth) - FEWEST:
        raise TrainingError(
            f"{int(truth.sum())} photographs show {asked.label} and "
            f"{int(len(truth) - truth.sum())} do not; at least {FEWEST} of either are needed."
        )
    targets = Targets((asked.label,), (False,), truth, np.ones(len(truth), np.float32))
    logits = _held_out(found.embeddings, targets, random)
    kernel, bias = fit_heads(found.embeddings, targets)
    way = way_of(bundle.heads.calibrations)
    settled = settle(logits, logits, truth[:, 0], asked.promise, way)
    return _write(
        bundle, asked, found, (kernel, bias, logits), replace(settled, basis=KNOWN), (out, meanings)
    )


def _check(bundle: Bundle, asked: Extension, out: Path, meanings: Meanings) -> None:
    if out.resolve() == bundle.path.resolve():
        raise TrainingError(f"{out} is the bundle itself: name another folder with --out.")
    check_name(out.resolve().name)
    if not asked.label:
        raise TrainingError("The label has no name: give it one with --label.")
    check_label(asked.label)
    check_folder(out)
    if asked.label in {label.name for label in bundle.labels}:
        raise TrainingError(f"The bundle has the label {asked.label} already: name another.")
    if bundle.manifest.exclusive_scenes and meanings.of(asked.label).group == "scene":
        raise TrainingError(
            f"{asked.label} is a scene, and scenes exclude each other: train the bundle anew."
        )


def _held_out(embeddings: Floats, targets: Targets, random: np.random.Generator) -> Floats:
    part = random.permutation(len(embeddings)) % FOLDS
    logits = np.zeros(len(embeddings), np.float32)
    for one in range(FOLDS):
        learn, held = np.flatnonzero(part != one), np.flatnonzero(part == one)
        kernel, bias = fit_heads(embeddings[learn], targets.take(learn))
        logits[held] = embeddings[held] @ kernel[:, 0] + bias[0]
    return logits


def _write(
    bundle: Bundle,
    asked: Extension,
    found: Embedded,
    head: tuple[Floats, Floats, Floats],
    settled: Settled,
    where: tuple[Path, Meanings],
) -> Bundle:
    manifest, heads, (out, meanings) = bundle.manifest, load_file(bundle.path / HEADS), where
    kernel, bias, logits = head
    place = len(manifest.labels)
    held = _joined(holdout.of_bundle(bundle), found, asked.label, logits)
    trained = Trained(
        name=out.resolve().name,
        backbone=manifest.backbone,
        preprocessing=manifest.preprocessing,
        labels=(*(entry.name for entry in manifest.labels), asked.label),
        kernel=np.insert(heads["kernel"], place, kernel[:, 0], axis=1),
        bias=np.insert(heads["bias"], place, bias[0]),
        settled=(*_settled_before(bundle), settled),
        promise={**_own(asked, manifest.promise), **manifest.promise},
        licence=manifest.licence,
        fingerprint=_both(manifest.fingerprint, found.fingerprint),
        metrics={},
        versions=manifest.versions,
        precision=manifest.precision,
        sharpness=(*(entry.sharpness for entry in manifest.labels), 0.0),
        exclusive_scenes=manifest.exclusive_scenes,
        extra={holdout.FILE_NAME: holdout.to_bytes(held)},
    )
    trained = replace(trained, metrics=card.held_back_figures(trained, held, meanings))
    origin = _origin(bundle, found, asked.label)
    trained = replace(trained, extra={**trained.extra, **card.write(trained, origin, meanings)})
    with folder_aside(out, FILE_NAME) as half:
        copy_network(bundle.path, half)
        write_bundle(trained, meanings, half)
    return Bundle.load(out)


def _own(asked: Extension, promise: Mapping[str, float]) -> dict[str, float]:
    """What is promised of the label where it is less than of all labels."""
    looser = asked.promise.max_error > promise["max_error"]
    return {f"max_error of {asked.label}": asked.promise.max_error} if looser else {}


def _both(before: str, new: str) -> str:
    """The fingerprint of what a bundle was trained on and of what was added."""
    return hashlib.sha256(f"{before} {new}".encode()).hexdigest()


def _origin(bundle: Bundle, found: Embedded, label: str) -> card.Origin:
    """The bundle's origin and the photographs that show the label."""
    before = card.origin_of_card(card.of_bundle(bundle))
    shown = [photo for photo in found.photos if label in photo.labels]
    rows = Counter((photo.source, photo.licence) for photo in shown)
    return card.Origin(
        before.photographs + len(shown),
        [
            *before.sources,
            *(
                {"source": source, "photographs": count, "licence": licence}
                for (source, licence), count in rows.most_common()
            ),
        ],
        {**before.labels, label: dict(Counter(photo.source or "unnamed" for photo in shown))},
        before.network_sources,
    )


def _settled_before(bundle: Bundle) -> list[Settled]:
    """What the bundle's card and manifest say of its labels."""
    said = card.of_bundle(bundle)["thresholds"]
    return [
        Settled(
            entry.calibration,
            Thresholds(
                entry.true_at, entry.false_at, row["missing"], row.get("missing_sources", 0)
            ),
            row["basis"],
        )
        for entry, row in ((entry, said[entry.name]) for entry in bundle.manifest.labels)
    ]


def _joined(before: HeldBack, found: Embedded, label: str, logits: Floats) -> HeldBack:
    """Old photographs say nothing of the new label, and new ones nothing of the old labels."""
    rows, columns = before.truth.shape
    count = len(logits)

    def grown(old: Floats, new: Floats, blank: float) -> Floats:
        whole = np.full((rows + count, columns + 1), blank, np.float32)
        whole[:rows, :columns] = old
        whole[rows:, columns] = new
        return whole

    truth = np.array([label in photo.labels for photo in found.photos], np.float32)
    added = [photo.source or "" for photo in found.photos]
    return HeldBack(
        new=grown(before.new, logits, 0.0),
        known=grown(before.known, logits, 0.0),
        truth=grown(before.truth, truth, np.nan),
        unseen=np.append(before.unseen, np.zeros(count, np.bool_)),
        sources=(*before.sources, *added),
        families=(*before.families, *added),
    )
