"""One row of the table: a text network, an image network, a fusion and a loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from items.inputs import Layout
from training.fit.keep import Keep
from training.items.concatenation import fit_concatenation
from training.items.evaluate import RecallRow, row
from training.items.fit import Schedule, fit
from training.items.learn import DIMENSION, Material
from training.items.losses import LOSSES
from training.items.measure import recall
from training.items.network import mlp_fusion
from training.items.split import Rows, Split
from training.items.thesis.network import conv_fusion
from training.items.thesis.texts import Texts
from training.items.views import Views

Floats = NDArray[np.float32]

CONV, MLP = "convolutions", "MLP"
BATCH = 128


@dataclass(frozen=True)
class Experiment:
    """What is trained. ``fusion`` is "convolutions" (the thesis's) or "MLP" (ours)."""

    text: str
    picture: str
    fusion: str
    loss: str

    @property
    def name(self) -> str:
        """How the table calls it."""
        return f"{self.text} × {self.picture}, {self.fusion}, {self.loss}"


@dataclass(frozen=True)
class Outcome:
    """A row of the table with how it came about; vectors float32 [test films, 256]."""

    row: RecallRow
    epochs: int
    note: str
    vectors: Floats

    def as_data(self) -> dict[str, Any]:
        """All but the vectors."""
        return {"row": asdict(self.row), "epochs": self.epochs, "note": self.note}


def train(
    experiment: Experiment,
    texts: Texts,
    pictures: Floats,
    material: Material,
    split: Split,
    schedule: Schedule,
    width: float,
    keep: Keep | None,
) -> Outcome:
    """Trains one network on the films to learn from and measures it on those to test with."""
    import keras

    numbers, layout = together(texts, pictures)
    learn = material.part(split.learn)
    views = Views(numbers[split.learn], np.arange(len(split.learn)), layout)
    keras.utils.set_random_seed(schedule.seed)
    if experiment.fusion == CONV:
        model = conv_fusion(layout, width, texts.front)
    else:
        model = mlp_fusion(layout, fit_concatenation(views.inputs, layout, DIMENSION))
    similar = material.part(split.stop).similar

    def vectors(rows: Rows) -> Floats:
        parts = [numbers[rows[at : at + BATCH]] for at in range(0, len(rows), BATCH)]
        return np.concatenate([np.asarray(model(part, training=False)) for part in parts])

    def score(_: Any) -> float:
        found = vectors(split.stop)
        return float(100 * recall(found, found, similar).precision.mean())

    strength = learn.similar.astype(np.float32)
    loss = LOSSES[experiment.loss]
    progress = fit(model, views, strength, loss, score, schedule, experiment.name, keep)
    found = vectors(split.test)
    told = row(experiment.name, found, found, material.part(split.test).similar)
    return Outcome(told, progress.best_epoch, texts.note, found)


def together(texts: Texts, pictures: Floats) -> tuple[Floats, Layout]:
    """The networks' input: text and picture side by side, neither tags nor year."""
    text, picture = texts.numbers.shape[1], pictures.shape[1]
    end = text + picture
    layout = Layout((0, text), (text, text), (text, text), (text, end))
    return np.concatenate([texts.numbers, pictures], axis=1).astype(np.float32), layout


def untrained(
    texts: Texts, pictures: Floats, material: Material, split: Split
) -> list[tuple[RecallRow, Floats]]:
    """Nearest neighbours without learning: in full dimension, and on two principal axes."""
    numbers, _ = together(texts, pictures)
    similar = material.part(split.test).similar
    centre = numbers[split.learn].mean(axis=0)
    _, _, axes = np.linalg.svd(numbers[split.learn] - centre, full_matrices=False)
    flat = (numbers[split.test] - centre) @ axes[:2].T
    full = numbers[split.test]
    return [
        (row("untrained concatenation, cosine", full, full, similar), full),
        (euclidean("k-nearest neighbours, full dimension", full, similar), full),
        (euclidean("k-nearest neighbours on two PCA axes", flat, similar), flat),
    ]


def euclidean(name: str, vectors: Floats, similar: NDArray[np.bool_]) -> RecallRow:
    """A row whose nearest films are those at the smallest Euclidean distance.

    The cosine of (2v, -|v|², c) and (v, 1, 0) falls as the distance grows, if c makes the first
    vectors equally long.
    """
    squares = (vectors**2).sum(axis=1, keepdims=True)
    ones, zeros = np.ones_like(squares), np.zeros_like(squares)
    stored = np.concatenate([2 * vectors, -squares], axis=1)
    lengths = (stored**2).sum(axis=1, keepdims=True)
    stored = np.concatenate([stored, np.sqrt(lengths.max() - lengths)], axis=1)
    asked = np.concatenate([vectors, ones, zeros], axis=1)
    return row(name, np.asarray(asked, np.float32), np.asarray(stored, np.float32), similar)


def plan(
    texts: Sequence[str], pictures: Sequence[str], losses: Sequence[str] = tuple(LOSSES)
) -> list[Experiment]:
    """Every loss with the first text and image network, and the others with the thesis's loss."""
    first, seen = texts[0], pictures[0]
    found = [Experiment(first, seen, fusion, loss) for fusion in (MLP, CONV) for loss in losses]
    found += [Experiment(text, seen, CONV, "z-sigmoid") for text in texts[1:]]
    found += [Experiment(first, picture, CONV, "z-sigmoid") for picture in pictures[1:]]
    found += [Experiment(first, picture, MLP, "info-nce") for picture in pictures[1:]]
    return found
