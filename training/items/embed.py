"""Vectors of films by an item bundle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers import Bundle
from items import ItemBundle, ItemEncoder
from training.errors import TrainingError
from training.fit.frozen import frozen_of
from training.items.films import Film, read_films
from training.items.pictures import embed_posters
from training.items.views import first_view

Floats = NDArray[np.float32]


def posters_of(
    films: Sequence[Film], bundle: ItemBundle, classifier: Path, cache: Path
) -> list[Floats | None]:
    """Posters' embeddings by the classifier that the bundle learned with.

    Raises TrainingError where it is another one.
    """
    seen_by = Bundle.load(classifier)
    if seen_by.embedding_id != bundle.manifest.pictures_by:
        raise TrainingError(
            f"{bundle.path} takes embeddings by {bundle.manifest.pictures_by}, and {classifier} "
            f"makes those of {seen_by.embedding_id}: name the right one with --classifier."
        )
    return embed_posters([film.poster for film in films], frozen_of(seen_by, cache))


def embed_folder(bundle_path: Path, data: Path, out: Path, classifier: Path, cache: Path) -> int:
    """Writes ``ids`` and ``vectors`` (float32 [n, d], norm 1) of a folder's films; returns n."""
    bundle = ItemBundle.load(bundle_path)
    films = read_films(data)
    pictures = posters_of(films, bundle, classifier, cache)
    vectors = ItemEncoder(bundle).vectors(first_view(films, pictures))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("wb") as file:  # a path would get a suffix of its own
            np.savez(file, ids=np.array([film.id for film in films]), vectors=vectors)
    except OSError as error:
        raise TrainingError(f"{out} cannot be written ({error.strerror}).") from error
    return len(films)
