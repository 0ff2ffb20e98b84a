"""A trained model on disk, checked when it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors

from classifiers.files import check_files, identity
from classifiers.heads import Heads
from classifiers.label import Label
from classifiers.manifest import (
    BundleError,
    LabelEntry,
    Manifest,
    read_manifest,
)

NETWORK = "backbone.xml"
WEIGHTS = "backbone.bin"
HEADS = "heads.safetensors"

__all__ = ["Bundle", "BundleError"]


@dataclass(frozen=True)
class Bundle:
    """A bundle whose files have the hashes that its manifest names.

    ``id`` is the name and twelve hexadecimal digits of the manifest's SHA-256, hence of everything
    in the bundle; ``embedding_id`` says what made the embeddings: different ones never mix.
    """

    id: str
    embedding_id: str
    path: Path
    labels: tuple[Label, ...]
    dimension: int
    manifest: Manifest
    heads: Heads

    @property
    def input_pixels(self) -> int:
        """Side of the square that the network takes in."""
        return self.manifest.preprocessing.size

    @classmethod
    def load(cls, path: Path) -> Bundle:
        """Reads and checks the bundle in a folder. Raises BundleError with what is wrong."""
        manifest, raw = read_manifest(path)
        check_files(path, manifest.files, (NETWORK, WEIGHTS, HEADS), BundleError)
        labels = tuple(_label(entry) for entry in manifest.labels)
        _check_parents(path, labels)
        return cls(
            id=identity(manifest.name, raw),
            embedding_id=manifest.embedding_id,
            path=path,
            labels=labels,
            dimension=manifest.dimension,
            manifest=manifest,
            heads=_read_heads(path / HEADS, manifest),
        )

    def fact(self, label_name: str, score: float) -> bool | None:
        """What a score says of a label: true, false or None (unknown). KeyError: no such label."""
        for label in self.labels:
            if label.name == label_name:
                return label.fact(score)
        raise KeyError(label_name)


def _check_parents(folder: Path, labels: tuple[Label, ...]) -> None:
    by_name = {label.name: label for label in labels}
    if len(by_name) != len(labels):
        raise BundleError(f"{folder}: a label is named twice.")
    for label in labels:
        seen = {label.name}
        above = label.parent
        while above is not None:
            if above not in by_name:
                raise BundleError(f"{folder}: label {label.name} has the unknown parent {above}.")
            if above in seen:
                raise BundleError(f"{folder}: label {label.name} is its own ancestor.")
            seen.add(above)
            above = by_name[above].parent


def _label(entry: LabelEntry) -> Label:
    return Label(
        name=entry.name,
        group=entry.group,
        parent=entry.parent,
        titles=dict(entry.titles),
        true_at=entry.true_at,
        false_at=entry.false_at,
    )


def _read_heads(path: Path, manifest: Manifest) -> Heads:
    try:
        tensors = load_tensors(path.read_bytes())
        return Heads(
            kernel=tensors["kernel"],
            bias=tensors["bias"],
            exclusive=tuple(
                manifest.exclusive_scenes and entry.group == "scene" for entry in manifest.labels
            ),
            calibrations=tuple(entry.calibration for entry in manifest.labels),
            sharpness=tuple(entry.sharpness for entry in manifest.labels),
        ).checked(manifest.dimension)
    except (KeyError, ValueError, SafetensorError) as error:
        raise BundleError(
            f"{path} does not hold the heads that the manifest names: {error}."
        ) from error
