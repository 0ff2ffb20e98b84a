"""The item encoder's vectors of films, learned anew from nothing that is kept back.

The bundle that ships has learned from all films and all ratings: its own vectors would know what
is looked for. Here its recipe learns from the ratings that a split lets be known, of the films that
somebody may have seen; then it makes the vectors of all films, as the service does for items.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.recommend.data import Split
from benchmarks.recommend.methods import Scores
from items import Item
from training.items.films import Film, Ratings, read_films
from training.items.fit import Schedule
from training.items.learn import Material, learn_all
from training.items.views import (
    first_view,
    without_picture,
    without_tags,
    without_text,
    without_year,
)

EPOCHS = 42  # as many as the bundle that ships (models/items/card.md)
KINDS: dict[str, Callable[[Item], Item]] = {
    "item encoder": lambda item: item,
    "item encoder, no year": without_year,
    "item encoder, no picture": without_picture,
    "item encoder, title and text only": lambda item: without_picture(without_tags(item)),
    "item encoder, poster only": without_text,
}


def encoded(folder: Path, split: Split, posters: Scores, epochs: int = EPOCHS) -> dict[str, Scores]:
    """Learn from what is known of a split, and make the vectors of all films of the folder.

    Returns:
        by what is told of the films: float32 [films, dimension] of norm 1.
    """
    films, pictures = read_films(folder), list(posters)
    cold = split.candidates or frozenset()
    warm = np.array([row for row in range(len(films)) if row not in cold])
    material = Material.of(films, pictures, _ratings(films, split))
    learned = learn_all(material.part(warm), epochs, Schedule())
    whole = first_view(films, pictures)
    return {name: learned.vectors([kind(item) for item in whole]) for name, kind in KINDS.items()}


def _ratings(films: list[Film], split: Split) -> Ratings:
    return Ratings(
        np.array([str(rating.person) for rating in split.known]),
        np.array([films[rating.film].rated_as or "" for rating in split.known]),
        np.array([rating.stars for rating in split.known]),
    )
