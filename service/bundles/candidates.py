"""Item bundles that could be promoted: beside the one of the settings, or live at some time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifiers.manifest import FILE_NAME
from items import ItemBundle, ItemBundleError
from service.config import Config

MOST = 50  # folders that are looked into


@dataclass(frozen=True)
class Candidate:
    """A folder with an item bundle, or with what is wrong with it. ``name`` tells it apart."""

    name: str
    folder: Path
    bundle: ItemBundle | None
    problem: str = ""


def candidates(config: Config) -> list[Candidate]:
    """What can be chosen from, each bundle once, by the names. Each file's hash is checked."""
    found: dict[str, Candidate] = {}
    for name, folder in _folders(config):
        if len(found) < MOST and _is_item_bundle(folder):
            one = _opened(name, folder)
            found.setdefault(one.bundle.id if one.bundle else name, one)
    return list(found.values())


def _folders(config: Config) -> Iterator[tuple[str, Path]]:
    kept = config.data.resolve() / "bundles"
    for place in (config.item_bundle.resolve().parent, kept):
        if place.is_dir():
            for folder in sorted(place.iterdir()):
                if (folder / FILE_NAME).is_file():
                    yield f"{place.name}/{folder.name}", folder


def _is_item_bundle(folder: Path) -> bool:
    """Whether it says so; one whose table of contents cannot be read might be one."""
    try:
        found = json.loads((folder / FILE_NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return True
    return isinstance(found, dict) and found.get("kind") == "items"


def _opened(name: str, folder: Path) -> Candidate:
    try:
        return Candidate(name, folder, ItemBundle.load(folder))
    except ItemBundleError as error:
        return Candidate(name, folder, None, str(error))
