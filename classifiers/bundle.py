"""A trained model on disk: one folder, every file of it checked by hash when it is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FORMAT = 1
MANIFEST = "bundle.json"


class BundleError(Exception):
    """A bundle cannot be used; the text says which file of which folder, and why."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Label(_Frozen):
    """One thing the classifier can see.

    ``group`` is object or scene; ``parent`` the label that follows from this one (cat, animal);
    ``titles`` its name by language. A score at or above ``true_at`` is a true fact, one at or
    below ``false_at`` a false one. A threshold of None cannot be promised yet: such a fact stays
    unknown.
    """

    name: str
    group: str
    parent: str | None = None
    titles: dict[str, str] = Field(default_factory=dict)
    true_at: float | None = None
    false_at: float | None = None


class Preprocessing(_Frozen):
    """How an RGB image becomes the network's input: resized to ``size`` by ``size`` pixels, then
    ``(x - mean) / scale`` for each channel, which the network file does itself."""

    size: int
    mean: tuple[float, float, float]
    scale: tuple[float, float, float]


class Manifest(_Frozen):
    """What ``bundle.json`` holds. ``files`` maps each other file to its SHA-256."""

    format: int
    name: str
    backbone: str
    dimension: int
    preprocessing: Preprocessing
    labels: tuple[Label, ...]
    licence: str
    data_fingerprint: str
    versions: dict[str, str]
    files: dict[str, str]


@dataclass(frozen=True)
class Bundle:
    """A loaded bundle. ``id`` names its content; ``embedding_id`` what its embeddings come from,
    so that embeddings of different networks are never compared."""

    path: Path
    id: str
    embedding_id: str
    manifest: Manifest

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every label, objects before scenes, in the order of the heads' columns."""
        return self.manifest.labels

    @property
    def dimension(self) -> int:
        """Numbers in an embedding."""
        return self.manifest.dimension

    @classmethod
    def load(cls, path: Path) -> Bundle:
        """Read and check a bundle.

        Raises:
            BundleError: there is none, a file is missing or changed, or its format is newer.
        """
        manifest_bytes = _read(path / MANIFEST, path)
        manifest = _parse(manifest_bytes, path)
        for name, expected in manifest.files.items():
            if Path(name).name != name:
                raise BundleError(f"{path}: {name!r} is outside the bundle.")
            if sha256(_read(path / name, path)) != expected:
                raise BundleError(
                    f"{path / name} is not the file the bundle was made with (SHA-256 differs). "
                    "Copy the bundle again."
                )
        return cls(
            path=path,
            id=f"{manifest.name}-{sha256(manifest_bytes)[:12]}",
            embedding_id=f"{manifest.backbone}-{manifest.files['network.bin'][:12]}",
            manifest=manifest,
        )

    def label(self, name: str) -> Label:
        """The label of that name.

        Raises:
            KeyError: the bundle does not know it.
        """
        for label in self.labels:
            if label.name == name:
                return label
        raise KeyError(name)

    def fact(self, name: str, score: float) -> bool | None:
        """What a score says of a label: true, false, or None for unknown."""
        label = self.label(name)
        if label.true_at is not None and score >= label.true_at:
            return True
        if label.false_at is not None and score <= label.false_at:
            return False
        return None

    def facts(self, scores: Mapping[str, float]) -> dict[str, bool | None]:
        """The facts of one image. What is seen is its parent too (a cat is an animal), and where
        the parent is not seen none of its children is."""
        facts = {name: self.fact(name, score) for name, score in scores.items()}
        for label in self.labels:
            if label.parent in facts and facts.get(label.name) is True:
                facts[label.parent] = True
        for label in self.labels:
            if label.parent in facts and facts[label.parent] is False:
                facts[label.name] = False
        return facts


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write_manifest(path: Path, content: Mapping[str, Any], files: Iterable[str]) -> None:
    """Write ``bundle.json`` for files that lie in ``path`` already."""
    hashes = {name: sha256((path / name).read_bytes()) for name in sorted(files)}
    manifest = Manifest.model_validate({"format": FORMAT, **content, "files": hashes})
    text = json.dumps(manifest.model_dump(), ensure_ascii=False, indent=1)
    (path / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _read(file: Path, bundle: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{bundle} is no complete bundle: {file.name} is missing.") from None
    except OSError as error:
        raise BundleError(f"{file} cannot be read: {error.strerror}.") from None


def _parse(data: bytes, path: Path) -> Manifest:
    try:
        content = json.loads(data)
        version = content["format"]
    except (ValueError, KeyError, TypeError):
        raise BundleError(f"{path / MANIFEST} is not a bundle's manifest.") from None
    if version != FORMAT:
        raise BundleError(
            f"{path} has format {version}; this Tagsift reads format {FORMAT}. "
            "Use the Tagsift that made it, or train it again."
        )
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BundleError(f"{path / MANIFEST}: {where}: {first['msg']}.") from None
    missing = {"network.xml", "network.bin", "heads.safetensors"} - manifest.files.keys()
    if missing:
        raise BundleError(f"{path / MANIFEST} lists no {', '.join(sorted(missing))}.")
    return manifest
