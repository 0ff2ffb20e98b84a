"""Writes what was learned from thumbnails, with the hashes of its files."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from classifiers.files import sha256_of
from classifiers.manifest import FILE_NAME
from thumbnails.manifest import Learned
from training.errors import TrainingError


def hashes(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of files that were written."""
    return {name: sha256_of(folder / name) for name in names}


def write(folder: Path, manifest: Learned) -> None:
    """Written last, so that half a bundle never loads."""
    (folder / FILE_NAME).write_text(manifest.model_dump_json(indent=1) + "\n", "utf-8")


def versions(*packages: str) -> dict[str, str]:
    """Which releases took part."""
    return {name: version(name) for name in packages}


def emptied(folder: Path) -> Path:
    """The folder, made if need be, without the manifest of an earlier run.

    Raises TrainingError where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE_NAME).unlink(missing_ok=True)
    except OSError as error:
        raise TrainingError(f"{folder} cannot be made ({error.strerror}).") from error
    return folder
