"""The recipe of the item encoder that ships: text and tags, pictures, and a fusion of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from items import Item
from items.inputs import Inputs
from training.errors import TrainingError
from training.fit.keep import Keep, Progress
from training.items.concatenation import Concatenation, fit_concatenation
from training.items.films import Film, Ratings
from training.items.fit import Schedule, fit
from training.items.losses import info_nce
from training.items.measure import recall
from training.items.network import mlp_fusion
from training.items.pooling import fit_query
from training.items.related import Relation, liked_together, rated_alike
from training.items.split import Rows
from training.items.textside import fit_text_side
from training.items.views import every_view, first_view, without_tags, without_year

Floats = NDArray[np.float32]

DIMENSION = 256
TEXT_DIMENSION = 192
TEMPERATURE = 0.2
NEAREST = 20
FEWEST = 20
# A tag that fewer films have says nothing that could be learned.
RAREST_TAG = 2


@dataclass(frozen=True)
class Material:
    """Films with a poster's embedding each (None: no poster), and how they are related.

    ``similar`` bool [n, n] is what is measured: who likes one likes the other. ``liked`` is how
    much, and ``alike`` the finer view of the same ratings; the encoder learns from both.
    """

    films: Sequence[Film]
    pictures: Sequence[Floats | None]
    liked: Relation
    alike: Relation
    similar: NDArray[np.bool_]

    @classmethod
    def of(
        cls, films: Sequence[Film], pictures: Sequence[Floats | None], ratings: Ratings
    ) -> Material:
        """All films of a folder. Similar is who is among the 20 nearest of all of them."""
        liked = liked_together(films, ratings)
        return cls(films, pictures, liked, rated_alike(films, ratings), liked.nearest(NEAREST))

    def part(self, rows: Rows) -> Material:
        """Some of the films; similar stays who was."""
        inside = np.ix_(rows, rows)
        return Material(
            [self.films[row] for row in rows],
            [self.pictures[row] for row in rows],
            Relation(self.liked.strength[inside]),
            Relation(self.alike.strength[inside]),
            self.similar[inside],
        )

    @property
    def items(self) -> list[Item]:
        """Each film as it is asked for and found."""
        return first_view(self.films, self.pictures)


@dataclass(frozen=True)
class Learned:
    """A trained encoder: what makes the inputs, where the network began, the network itself."""

    inputs: Inputs
    start: Concatenation
    model: Any
    progress: Progress

    def vectors(self, items: Sequence[Item]) -> Floats:
        """float32 [n, dimension] of norm 1."""
        return np.asarray(self.model.predict_on_batch(self.inputs.of(items)), np.float32)


def learn(
    material: Material,
    stop: Material | None,
    schedule: Schedule,
    keep: Path | None = None,
    pooling: str = "mean",
) -> Learned:
    """Trains on ``material`` until ``stop`` gets no better; without ``stop``, for all epochs.

    Raises TrainingError where there are too few films, or none has a similar one.
    """
    if len(material.films) < FEWEST:
        raise TrainingError(f"{len(material.films)} films are too few: at least {FEWEST}.")
    strength = strength_of(material)
    if not strength.any():
        raise TrainingError("No two films are rated alike: there is nothing to learn from.")
    inputs = fit_inputs(material)
    if pooling == "attention":
        pictures = [None if one is None else np.atleast_2d(one) for one in material.pictures]
        inputs = replace(inputs, query=fit_query(pictures, strength, schedule.seed))
    views = every_view(material.films, material.pictures, inputs)
    start = fit_concatenation(views.inputs, views.layout, DIMENSION)
    import keras

    keras.utils.set_random_seed(schedule.seed)
    model = mlp_fusion(views.layout, start)
    loss = partial(info_nce, temperature=TEMPERATURE)
    score = None if stop is None else _score(inputs, stop)
    kept = None if keep is None else Keep.of(keep, schedule, views.inputs, strength)
    progress = fit(model, views, strength, loss, score, schedule, "Item encoder", kept)
    return Learned(inputs, start, model, progress)


def learn_all(
    material: Material, epochs: int, schedule: Schedule, pooling: str = "mean"
) -> Learned:
    """Trains on every film for as many epochs as were best when some were held back."""
    whole = replace(schedule, epochs=max(epochs, 1), patience=epochs + 1)
    return learn(material, None, whole, pooling=pooling)


def fit_inputs(material: Material) -> Inputs:
    """The text side and the tags that the films have."""
    films = material.films
    counts = Counter(genre.casefold() for film in films for genre in film.genres)
    tags = {
        tag: math.log(1 + len(films) / count)
        for tag, count in sorted(counts.items())
        if count >= RAREST_TAG
    }
    widths = {picture.shape[-1] for picture in material.pictures if picture is not None}
    if len(widths) != 1:
        raise TrainingError("No poster could be read: the encoder needs pictures to learn from.")
    return Inputs(fit_text_side(films, TEXT_DIMENSION), tags, widths.pop())


def strength_of(material: Material) -> Floats:
    """Who is similar to whom while learning: each relation's nearest, their shares summed."""
    total = np.zeros(material.liked.strength.shape, np.float32)
    for relation in (material.liked, material.alike):
        chosen = np.where(relation.nearest(NEAREST), relation.strength, 0)
        total += chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1e-9)
    return total


def _score(inputs: Inputs, stop: Material) -> Any:
    """Mean average precision, the mean of items whole, without year, and without tags."""
    similar = stop.similar
    if not similar.any():
        raise TrainingError("No two films held back are rated alike: more films are needed.")
    whole = stop.items
    kinds = [whole, [without_year(i) for i in whole], [without_tags(i) for i in whole]]
    shown = [inputs.of(kind) for kind in kinds]

    def score(model: Any) -> float:
        found = [np.asarray(model(one, training=False)) for one in shown]
        return float(np.mean([100 * recall(v, v, similar).precision.mean() for v in found]))

    return score
