"""Writes an item bundle: network, text side, card, and the manifest with every file's hash."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from classifiers import bundle as classifier_files
from classifiers.files import sha256_of
from classifiers.manifest import FILE_NAME
from items.bundle import CARD, NETWORK, POOLING, TERMS, TEXT, WEIGHTS
from items.encoder import canary
from items.manifest import FORMAT, ItemManifest
from training.errors import TrainingError
from training.fit.network import export_network
from training.items.films import Film
from training.items.learn import Learned

CANARY = 16


@dataclass(frozen=True)
class Told:
    """What a bundle says of itself besides its network."""

    name: str
    pictures_by: str
    licence: str
    fingerprint: str
    metrics: Mapping[str, Any]
    card: str


def write_item_bundle(learned: Learned, told: Told, folder: Path) -> None:
    """Writes the folder. The manifest comes last, so that half a bundle never loads."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"{folder} cannot be made ({error.strerror}).") from error
    (folder / FILE_NAME).unlink(missing_ok=True)
    _write_network(learned.model, folder)
    text = learned.inputs.text
    terms = sorted(text.terms, key=text.terms.__getitem__)
    (folder / TERMS).write_text(json.dumps(terms, ensure_ascii=False) + "\n", "utf-8")
    (folder / TEXT).write_bytes(save({"projection": text.projection.astype(np.float16)}))
    (folder / CARD).write_text(told.card, "utf-8")
    names = [NETWORK, WEIGHTS, TERMS, TEXT, CARD]
    query = learned.inputs.query
    if query is not None:
        (folder / POOLING).write_bytes(save({"query": query}))
        names.append(POOLING)
    files = {name: sha256_of(folder / name) for name in names}
    manifest = ItemManifest(
        format=FORMAT,
        kind="items",
        name=told.name,
        vector_id=f"items-{_vector_hash(files, learned, told)}",
        dimension=int(learned.model.output_shape[1]),
        pictures_by=told.pictures_by,
        picture_dimension=learned.inputs.picture,
        pooling="mean" if query is None else "attention",
        tags=dict(learned.inputs.tags),
        canary=_canary(learned),
        licence=told.licence,
        fingerprint=told.fingerprint,
        versions={name: version(name) for name in ("keras", "openvino", "scikit-learn")},
        metrics=dict(told.metrics),
        files=files,
    )
    (folder / FILE_NAME).write_text(manifest.to_json(), "utf-8")


def fingerprint(films: Sequence[Film]) -> str:
    """SHA-256 over what was learned from: each film's id, words and genres."""
    lines = sorted("\t".join([f.id, f.title, *f.texts, *f.genres, f.text_ko]) for f in films)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _write_network(model: Any, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        export_network(model, Path(aside))
        shutil.move(Path(aside) / classifier_files.NETWORK, folder / NETWORK)
        shutil.move(Path(aside) / classifier_files.WEIGHTS, folder / WEIGHTS)


def _vector_hash(files: Mapping[str, str], learned: Learned, told: Told) -> str:
    """Everything that a vector depends on."""
    parts = [files[WEIGHTS], files[TERMS], files[TEXT], told.pictures_by]
    parts.append(json.dumps(learned.inputs.tags))
    if POOLING in files:
        parts.append(files[POOLING])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _canary(learned: Learned) -> tuple[float, ...]:
    vector = learned.vectors([canary(tuple(learned.inputs.tags))])[0, :CANARY]
    return tuple(round(float(one), 4) for one in vector)
