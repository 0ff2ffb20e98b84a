"""A training on disk, so that one that was stopped goes on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.fit.aside import aside

SAVED = "training.npz"

Arrays = list[NDArray[np.float32]]


@dataclass(frozen=True)
class Progress:
    """How far a training came: the epoch, the best epoch and its score, the score of each."""

    epoch: int
    best_epoch: int
    best: float
    scores: tuple[float, ...]

    def after(self, score: float) -> Progress:
        """One epoch later."""
        epoch, scores = self.epoch + 1, (*self.scores, score)
        if score > self.best:
            return Progress(epoch, epoch, score, scores)
        return Progress(epoch, self.best_epoch, self.best, scores)


@dataclass(frozen=True)
class Keep:
    """Where a training is kept, and what tells it from others: ``key``."""

    folder: Path
    key: str

    @classmethod
    def of(cls, folder: Path, *told: object) -> Keep:
        """The place in a folder for a training of just this: settings and arrays."""
        digest = hashlib.sha256()
        for one in told:
            digest.update(one.tobytes() if isinstance(one, np.ndarray) else repr(one).encode())
        return cls(folder, digest.hexdigest())

    def save(self, model: Any, optimiser: Any, best: Arrays, progress: Progress) -> None:
        """Writes all at once; a run that is stopped meanwhile leaves the file before it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"now-{n}": array for n, array in enumerate(model.get_weights())}
        arrays |= {f"best-{n}": array for n, array in enumerate(best)}
        arrays |= {f"adam-{n}": np.asarray(v) for n, v in enumerate(optimiser.variables)}
        state = json.dumps({"key": self.key, "progress": asdict(progress)})
        with aside(self.folder / SAVED) as half:
            np.savez(half, state=np.array(state), **arrays)

    def resume(self, model: Any, optimiser: Any, best: Arrays) -> tuple[Arrays, Progress] | None:
        """Puts back what was saved, if it was this training: its best weights and progress."""
        if not (self.folder / SAVED).is_file():
            return None
        with np.load(self.folder / SAVED) as saved:
            state = json.loads(str(saved["state"]))
            if state["key"] != self.key:
                return None
            model.set_weights([saved[f"now-{n}"] for n in range(len(best))])
            for n, variable in enumerate(optimiser.variables):
                variable.assign(saved[f"adam-{n}"])
            best = [saved[f"best-{n}"] for n in range(len(best))]
        progress = state["progress"]
        return best, Progress(**(progress | {"scores": tuple(progress["scores"])}))
