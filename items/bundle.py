"""A trained item encoder on disk, checked when it is loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors

from classifiers.files import check_files, identity
from items.inputs import Inputs
from items.item import Floats
from items.manifest import ItemBundleError, ItemManifest, read_manifest
from items.text import TextSide

NETWORK = "fusion.xml"
WEIGHTS = "fusion.bin"
TERMS = "terms.json"
TEXT = "text.safetensors"
POOLING = "pooling.safetensors"  # where pictures are weighed by attention
CARD = "card.md"


@dataclass(frozen=True)
class ItemBundle:
    """An item bundle whose files have the hashes that its manifest names.

    ``id`` is the name and twelve hexadecimal digits of the manifest's SHA-256, hence of everything
    in the bundle; vectors of different ``vector_id`` never mix.
    """

    id: str
    path: Path
    manifest: ItemManifest
    inputs: Inputs

    @classmethod
    def load(cls, path: Path) -> ItemBundle:
        """Reads and checks the bundle in a folder. Raises ItemBundleError with what is wrong."""
        manifest, raw = read_manifest(path)
        needed = [NETWORK, WEIGHTS, TERMS, TEXT]
        if manifest.pooling == "attention":
            needed.append(POOLING)
        check_files(path, manifest.files, tuple(needed), ItemBundleError)
        return cls(
            id=identity(manifest.name, raw),
            path=path,
            manifest=manifest,
            inputs=Inputs(
                _text_side(path), manifest.tags, manifest.picture_dimension, _query(path, manifest)
            ),
        )


def _text_side(folder: Path) -> TextSide:
    try:
        terms = json.loads((folder / TERMS).read_text("utf-8"))
        projection = load_tensors((folder / TEXT).read_bytes())["projection"].astype(np.float32)
        rows = {str(term): row for row, term in enumerate(terms)}
    except (KeyError, TypeError, ValueError, RecursionError, SafetensorError) as error:
        raise ItemBundleError(f"{folder / TEXT} does not hold a text side: {error}.") from error
    if projection.ndim != 2 or len(rows) != len(terms) or len(rows) != len(projection):
        raise ItemBundleError(f"{folder}: {TERMS} and {TEXT} do not belong together.")
    return TextSide(rows, projection)


def _query(folder: Path, manifest: ItemManifest) -> Floats | None:
    if manifest.pooling == "mean":
        return None
    try:
        query = load_tensors((folder / POOLING).read_bytes())["query"].astype(np.float32)
    except (KeyError, ValueError, SafetensorError) as error:
        raise ItemBundleError(f"{folder / POOLING} holds no query: {error}.") from error
    if query.shape != (manifest.picture_dimension,):
        raise ItemBundleError(f"{folder / POOLING} is not of the pictures' dimension.")
    return np.asarray(query, np.float32)
