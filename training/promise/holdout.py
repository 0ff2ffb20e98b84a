"""A bundle keeps the log-odds that networks gave photographs they were not trained on.

With these a bundle can be evaluated, and given other thresholds, without the photographs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from classifiers import Bundle
from training.errors import TrainingError

FILE_NAME = "held_back.safetensors"
ORIGIN = "origin"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class HeldBack:
    """``new`` and ``known`` are float32 [n, labels] log-odds as in ``Crossfitted``.

    ``truth`` float32 [n, labels] has NaN for unknown, ``unseen`` bool [n] tells whose source the
    network behind ``new`` saw nothing of, ``sources`` names each photograph's source and
    ``families`` what it shares pictures with: itself, unless its source has others.
    """

    new: Floats
    known: Floats
    truth: Floats
    unseen: NDArray[np.bool_]
    sources: tuple[str, ...]
    families: tuple[str, ...]


def rounded(logits: Floats) -> Floats:
    """Log-odds as a bundle keeps them, so that thresholds chosen again are the same."""
    return logits.astype(np.float16).astype(np.float32)


def to_bytes(held: HeldBack) -> bytes:
    """As a safetensors file; log-odds in float16, truth as 1, 0 and -1."""
    names = sorted(set(held.sources))
    places = {name: place for place, name in enumerate(names)}
    tensors: dict[str, np.ndarray[Any, Any]] = {
        "new": held.new.astype(np.float16),
        "known": held.known.astype(np.float16),
        "truth": np.nan_to_num(held.truth, nan=-1).astype(np.int8),
        "unseen": held.unseen.astype(np.uint8),
        "source": np.array([places[source] for source in held.sources], np.int16),
    }
    families = dict(zip(held.sources, held.families, strict=True))
    others = {source: family for source, family in families.items() if family != source}
    # One entry: of several, the library writes now one first, now another, and the same bundle
    # would get another id.
    return save(tensors, metadata={ORIGIN: json.dumps({"sources": names, "families": others})})


def of_bundle(bundle: Bundle) -> HeldBack:
    """What a bundle's folder holds. Raises TrainingError where there is nothing."""
    path = bundle.path / FILE_NAME
    if FILE_NAME not in bundle.manifest.files:
        raise TrainingError(
            f"{bundle.path} keeps nothing of its held-back photographs: name a folder of data."
        )
    held = read(path)
    if held.truth.shape[1:] != (len(bundle.labels),):
        raise TrainingError(f"{path} is of other labels than the bundle has.")
    return held


def read(path: Path) -> HeldBack:
    """Reads what ``to_bytes`` made. Raises TrainingError where it is something else."""
    try:
        with safe_open(path, "np") as file:
            names, families = _origin(file.metadata())
            truth = file.get_tensor("truth").astype(np.float32)
            truth[truth < 0] = np.nan
            sources = tuple(names[place] for place in file.get_tensor("source").astype(np.uint16))
            held = HeldBack(
                new=file.get_tensor("new").astype(np.float32),
                known=file.get_tensor("known").astype(np.float32),
                truth=truth,
                unseen=file.get_tensor("unseen").astype(np.bool_),
                sources=sources,
                families=tuple(families.get(source, source) for source in sources),
            )
            return _checked(held)
    except (OSError, LookupError, TypeError, ValueError, SafetensorError) as error:
        raise TrainingError(f"{path} cannot be read: {error}.") from error


def _checked(held: HeldBack) -> HeldBack:
    """What was read. Raises ValueError unless its arrays belong together."""
    shape = held.truth.shape
    rows = {shape[0], len(held.unseen), len(held.sources)}
    if len(shape) != 2 or {held.new.shape, held.known.shape} != {shape} or len(rows) != 1:
        raise ValueError("its arrays do not belong together")
    if np.isnan(held.new).any() or np.isnan(held.known).any():
        raise ValueError("log-odds that are no numbers")
    return held


def _origin(metadata: Mapping[str, str] | None) -> tuple[list[str], dict[str, str]]:
    """The sources, and the families of those that share pictures with others."""
    said = metadata or {}
    if ORIGIN in said:
        origin = json.loads(said[ORIGIN])
        sources, families = origin["sources"], origin["families"]
    else:  # as bundles had it at first
        sources, families = json.loads(said["sources"]), json.loads(said.get("families", "{}"))
    if not isinstance(sources, list) or not isinstance(families, dict):
        raise TypeError("sources are a list, and families an object")
    return sources, families
