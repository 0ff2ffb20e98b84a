"""The cache of networks and embeddings: what is in it, and what nobody used for a while."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from classifiers.bundle import NETWORK, WEIGHTS
from training.errors import TrainingError
from training.fit import places, upper
from training.fit.aside import HALF
from training.fit.cache import FILE_NAME

DAY_SECONDS = 24 * 3600
# Half an entry that is younger may belong to a run that is still going on.
HALF_DONE_DAYS = 1.0
# "embeddings.part" is what releases before called half a file of embeddings.
_OURS = frozenset({NETWORK, WEIGHTS, FILE_NAME, "embeddings.part"})
_OURS_BEGIN = (HALF, places.FILES, upper.MAPS, upper.TUNED)


@dataclass(frozen=True)
class CachedNetwork:
    """One network in the cache.

    ``photographs`` counts its embeddings; ``days`` is how long ago it was used. ``half`` is true
    where a run was stopped before the entry was whole.
    """

    folder: Path
    photographs: int
    megabytes: float
    days: float
    half: bool

    def stale(self, days: float) -> bool:
        """Whether nobody used it for so long."""
        return self.days >= (min(days, HALF_DONE_DAYS) if self.half else days)


def entries(cache: Path) -> list[CachedNetwork]:
    """What is in the cache, last used first.

    Folders that hold anything else than the cache puts there, or no network, are left out: they are
    somebody else's. Raises TrainingError where there is no such folder.
    """
    if not cache.is_dir():
        raise TrainingError(f"{cache} is not a folder: there is no cache yet, or name it.")
    return sorted(_entries(cache), key=lambda one: one.days)


def prune(cache: Path, days: float) -> list[CachedNetwork]:
    """Removes what was not used for so many days; it is computed again when it is needed."""
    gone = [entry for entry in entries(cache) if entry.stale(days)]
    for entry in gone:
        shutil.rmtree(entry.folder)
    return gone


def _entries(cache: Path) -> Iterator[CachedNetwork]:
    now = time.time()
    for folder in cache.iterdir():
        if folder.is_symlink() or not folder.is_dir():
            continue
        files = list(folder.iterdir())
        names = {file.name for file in files}
        half = folder.name.startswith(HALF)
        ours = all(name in _OURS or name.startswith(_OURS_BEGIN) for name in names)
        if not ours or not (half or {NETWORK, WEIGHTS} <= names):
            continue
        stats = [file.stat() for file in files]
        used = max(stat.st_mtime for stat in (folder.stat(), *stats))
        yield CachedNetwork(
            folder=folder,
            photographs=_count(folder / FILE_NAME),
            megabytes=sum(stat.st_size for stat in stats) / 2**20,
            days=max(0.0, now - used) / DAY_SECONDS,
            half=half,
        )


def _count(path: Path) -> int:
    """How many embeddings are in a file; none where it cannot be read."""
    try:
        with safe_open(path, "np") as file:
            return int(file.get_slice("digests").get_shape()[0])
    except (OSError, SafetensorError):
        return 0
