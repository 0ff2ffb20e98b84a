"""Writes a bundle beside its network: the heads, and the manifest with every file's hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from safetensors.numpy import save

from classifiers.bundle import HEADS, NETWORK, WEIGHTS
from classifiers.canary import picture
from classifiers.files import sha256_of
from classifiers.heads import Heads
from classifiers.manifest import (
    FILE_NAME,
    LabelEntry,
    Manifest,
    Precision,
    Preprocessing,
    format_for,
)
from training.data.labels import Meanings
from training.fit.aside import aside
from training.fit.network import feature_maps
from training.fit.probe import Floats
from training.promise.settle import Settled


@dataclass(frozen=True)
class Trained:
    """Everything a bundle is made of, besides its network.

    ``kernel`` is float32 [dimension, labels + 1], ``bias`` float32 [labels + 1]; the other lists
    have one entry a label. ``extra`` maps further file names to their bytes; ``versions``
    None: those of the packages here. ``precision`` is the network's. ``sharpness`` and
    ``exclusive_scenes`` are as in the manifest; no ``sharpness`` is 0 of each label. ``canary`` is
    what the network and the heads gave where they were measured (none: they are asked here).
    """

    name: str
    backbone: str
    preprocessing: Preprocessing
    labels: tuple[str, ...]
    kernel: Floats
    bias: Floats
    settled: tuple[Settled, ...]
    promise: Mapping[str, float]
    licence: str
    fingerprint: str
    metrics: Mapping[str, Any]
    extra: Mapping[str, bytes]
    versions: Mapping[str, str] | None = None
    precision: Precision = "float32"
    sharpness: tuple[float, ...] = ()
    exclusive_scenes: bool = True
    canary: tuple[float, ...] = ()


def write_bundle(trained: Trained, meanings: Meanings, folder: Path) -> None:
    """Writes everything beside the network, which ``export_network`` wrote before.

    The manifest comes last, so that half a bundle never loads. Nothing takes the place of a bundle
    that lies there before all is on disk.
    """
    heads = save({"kernel": trained.kernel, "bias": trained.bias})
    contents = {HEADS: heads, **trained.extra}
    files = {name: sha256_of(folder / name) for name in (NETWORK, WEIGHTS)}
    files |= {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    manifest = Manifest(
        format=format_for(
            (one.calibration for one in trained.settled),
            trained.precision,
            exclusive_scenes=trained.exclusive_scenes,
            sharpness=trained.sharpness,
        ),
        name=trained.name,
        embedding_id=f"{trained.backbone}-{trained.preprocessing.size}-{files[WEIGHTS][:12]}",
        dimension=trained.kernel.shape[0],
        backbone=trained.backbone,
        preprocessing=trained.preprocessing,
        labels=tuple(_entry(trained, index, meanings) for index in range(len(trained.labels))),
        licence=trained.licence,
        fingerprint=trained.fingerprint,
        versions=dict(trained.versions or _versions()),
        promise=dict(trained.promise),
        metrics=dict(trained.metrics),
        files=files,
        precision=trained.precision,
        canary=trained.canary or _canary(trained, meanings, folder),
        exclusive_scenes=trained.exclusive_scenes,
    )
    contents[FILE_NAME] = manifest.to_json().encode()
    with ExitStack() as all_written:
        # Left in the opposite order: the manifest, which is entered first, gets its name last.
        halves = {
            name: all_written.enter_context(aside(folder / name)) for name in reversed(contents)
        }
        for name, half in halves.items():
            half.write_bytes(contents[name])


def _entry(trained: Trained, index: int, meanings: Meanings) -> LabelEntry:
    name = trained.labels[index]
    meaning = meanings.of(name)
    settled = trained.settled[index]
    return LabelEntry(
        name=name,
        group=meaning.group,
        parent=meaning.parent if meaning.parent in trained.labels else None,
        titles={"en": meaning.en or name, "ko": meaning.ko or name},
        true_at=settled.thresholds.true_at,
        false_at=settled.thresholds.false_at,
        calibration=settled.calibration,
        sharpness=trained.sharpness[index] if trained.sharpness else 0.0,
    )


def _canary(trained: Trained, meanings: Meanings, folder: Path) -> tuple[float, ...]:
    """The log-odds of the picture that a machine is asked about before it serves the bundle.

    float32 needs none.
    """
    if trained.precision == "float32":
        return ()
    preprocessing = trained.preprocessing
    look = feature_maps(folder, preprocessing.scale, preprocessing.offset)
    scenes = (meanings.of(name).group == "scene" for name in trained.labels)
    heads = Heads(
        trained.kernel,
        trained.bias,
        tuple(trained.exclusive_scenes and scene for scene in scenes),
        tuple(one.calibration for one in trained.settled),
        trained.sharpness or (0.0,) * len(trained.labels),
    )
    odds = heads.logits(look(picture(preprocessing.size)[None]))[0]
    return tuple(round(float(one), 4) for one in odds)


def _versions() -> dict[str, str]:
    packages = {"keras": "keras", "tensorflow": "tensorflow-cpu", "openvino": "openvino"}
    return {name: version(package) for name, package in packages.items()}
