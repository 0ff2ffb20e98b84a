"""What manifest.json of an item bundle says, validated."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from classifiers.files import PlainName, read_json, validated
from classifiers.manifest import FILE_NAME

FORMAT = 1


class ItemBundleError(Exception):
    """An item bundle that cannot be used; the message says what is wrong with which file."""


class ItemManifest(BaseModel):
    """The bundle's table of contents. ``files`` maps each other file to its SHA-256.

    ``pictures_by`` is the ``embedding_id`` of the classifier whose embeddings it takes, and
    ``picture_dimension`` their length; ``pooling`` is how several become one. ``tags`` are the tags
    it knows, with the inverse of how frequent each was. ``canary`` are the first numbers of the
    vector of an item with nothing but the first tag, by which a machine that computes otherwise is
    known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    kind: Literal["items"]
    name: PlainName
    vector_id: PlainName
    dimension: int = Field(ge=1)
    pictures_by: str
    picture_dimension: int = Field(ge=1)
    pooling: Literal["mean", "attention"] = "mean"
    tags: dict[str, float]
    canary: tuple[float, ...]
    licence: str
    fingerprint: str
    versions: dict[str, str]
    metrics: dict[str, Any]
    files: dict[str, str]

    def to_json(self) -> str:
        """The file's text."""
        return self.model_dump_json(indent=1) + "\n"


def read_manifest(folder: Path) -> tuple[ItemManifest, bytes]:
    """The manifest and its bytes. Raises ItemBundleError where it is missing or malformed."""
    path = folder / FILE_NAME
    found, raw = read_json(path, "item bundle", ItemBundleError)
    if not isinstance(found, dict) or found.get("kind") != "items":
        raise ItemBundleError(f"{path} describes no item bundle: name a folder like models/items.")
    if found.get("format") != FORMAT:
        raise ItemBundleError(
            f"{path} has item bundle format {found.get('format')!r}, but this program reads "
            f"{FORMAT}: use the release of Tagsift that wrote it, or a newer one."
        )
    return validated(ItemManifest, found, path, ItemBundleError), raw
