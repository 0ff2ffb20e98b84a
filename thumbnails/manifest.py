"""manifest.json of what was learned from thumbnails: an autoencoder, or what goes with views."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from classifiers.files import PlainName, check_files, read_json, validated
from classifiers.manifest import FILE_NAME

FORMAT = 1


class ThumbnailBundleError(Exception):
    """A bundle that cannot be used; the message says what is wrong with which file."""


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
    """The manifest and its bytes, where every file is as it says. Raises ThumbnailBundleError."""
    path = folder / FILE_NAME
    found, raw = read_json(path, what, ThumbnailBundleError)
    manifest = validated(model, found, path, ThumbnailBundleError)
    check_files(folder, manifest.files, needed, ThumbnailBundleError)
    return manifest, raw
