"""manifest.json of what is learned from thumbnails: an autoencoder, or what goes with views."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from classifiers.files import PlainName, check_files, read_json, sha256_of, validated
from classifiers.manifest import FILE_NAME
from training.errors import TrainingError

FORMAT = 1


class Learned(BaseModel):
    """What both kinds say. ``files`` maps each other file of the folder to its SHA-256;
    ``fingerprint`` is that of the videos."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    kind: str
    name: PlainName
    fingerprint: str
    versions: dict[str, str]
    metrics: dict[str, Any]
    files: dict[str, str]


class AutoencoderManifest(Learned):
    """``side`` is that of its square canvas in pixels, ``length`` that of its latent vector.

    Channels for which ``training.thumbnails.channels.held_back`` is true were not learned from.
    """

    kind: Literal["autoencoder"]
    side: int = Field(ge=16)
    length: int = Field(ge=1)
    held_back: float
    seed: int


class EngagementManifest(Learned):
    """``target`` is what was counted. ``embedding_id`` says what must make the embeddings, of
    ``dimension`` numbers; ``found`` whether the picture had an effect at all."""

    kind: Literal["engagement"]
    target: Literal["views", "subscribers"]
    embedding_id: PlainName
    dimension: int = Field(ge=1)
    found: bool


Kind = TypeVar("Kind", bound=Learned)


def read_checked(
    folder: Path, model: type[Kind], what: str, needed: Iterable[str]
) -> tuple[Kind, bytes]:
    """The manifest and its bytes, where every file is as it says. Raises TrainingError."""
    path = folder / FILE_NAME
    found, raw = read_json(path, what, TrainingError)
    manifest = validated(model, found, path, TrainingError)
    check_files(folder, manifest.files, needed, TrainingError)
    return manifest, raw


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
