"""Trains epoch after epoch: the best one is kept, what was stopped goes on, a bar tells how far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from training.fit.keep import Keep, Progress


@dataclass(frozen=True)
class Patience:
    """At most ``epochs``; ``waits`` of them without a gain end a training."""

    epochs: int
    waits: int


def train_epochs(
    model: Any,
    optimiser: Any,
    epoch: Callable[[int], float],
    score: Callable[[], float] | None,
    patience: Patience,
    title: str,
    keep: Keep | None = None,
) -> Progress:
    """Trains ``model`` in place and leaves it with the weights of the best epoch.

    Args:
        epoch: trains one epoch, of which the number is given, and returns the mean loss. What is
            random in it must depend on the number only, so that a training can go on.
        score: is asked after each epoch, and once before the first: more is better. None: all
            epochs are trained and the last one is the best.
        keep: where a training that was stopped goes on after its last whole epoch.
    """
    best, progress = model.get_weights(), Progress(0, 0, score() if score else 0.0, ())
    if keep is not None and (found := keep.resume(model, optimiser, best)):
        best, progress = found
    with tqdm(total=patience.epochs, initial=progress.epoch, desc=title, unit="epoch") as bar:
        while _goes_on(progress, patience):
            lost = epoch(progress.epoch)
            reached = score() if score else progress.best + 1
            progress = progress.after(reached)
            if progress.best_epoch == progress.epoch:
                best = model.get_weights()
            if keep is not None:
                keep.save(model, optimiser, best, progress)
            bar.update()
            bar.set_postfix(loss=f"{lost:.3f}", score=f"{reached:.2f}", refresh=False)
    model.set_weights(best)
    return progress


def _goes_on(progress: Progress, patience: Patience) -> bool:
    waited = progress.epoch - progress.best_epoch
    return progress.epoch < patience.epochs and waited < patience.waits
