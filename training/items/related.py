"""Which films are similar: rated alike by people, and of a shared group of genres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.items.films import Film, Ratings

Table = NDArray[np.float32]

# Genres that people mix are one group; a film is in the groups of all its genres.
GROUPS = {
    "action": ("Action", "Adventure", "Western"),
    "war": ("War",),
    "crime": ("Thriller", "Crime", "Mystery", "Film-Noir"),
    "horror": ("Horror",),
    "fantastic": ("Sci-Fi", "Fantasy"),
    "family": ("Children", "Animation"),
    "musical": ("Musical",),
    "comedy": ("Comedy",),
    "romance": ("Romance",),
    "drama": ("Drama", "Documentary"),
}
# Two films that few people rated agree by chance: their agreement is shrunk by n / (n + this).
SHRINK = 5
LIKED = 4.0


@dataclass(frozen=True)
class Relation:
    """``strength`` float32 [n, n] is how alike two films are rated; 0 without a shared group."""

    strength: Table

    def nearest(self, count: int) -> NDArray[np.bool_]:
        """bool [n, n]: who is among the ``count`` films most like the other, either way round."""
        order = np.argsort(-self.strength, axis=1, kind="stable")[:, :count]
        chosen = np.zeros(self.strength.shape, bool)
        np.put_along_axis(chosen, order, values=True, axis=1)
        chosen &= self.strength > 0
        return np.asarray(chosen | chosen.T)


def liked_together(films: Sequence[Film], ratings: Ratings) -> Relation:
    """The cosine of the sets of people who gave 4 or more."""
    values = (ratings.values >= LIKED).astype(np.float64)
    return _relation(films, _matrix(films, ratings, values))


def rated_alike(films: Sequence[Film], ratings: Ratings) -> Relation:
    """The adjusted cosine of Sarwar et al. 2001: ratings less each person's mean."""
    _, person = np.unique(ratings.users, return_inverse=True)
    mean = np.bincount(person, ratings.values) / np.bincount(person)
    return _relation(films, _matrix(films, ratings, ratings.values - mean[person]))


def groups_of(film: Film) -> frozenset[str]:
    """The groups of a film's genres."""
    return frozenset(name for name, genres in GROUPS.items() if set(genres) & set(film.genres))


def _matrix(
    films: Sequence[Film], ratings: Ratings, values: NDArray[np.float64]
) -> sparse.csr_matrix:
    place = {film.rated_as: row for row, film in enumerate(films) if film.rated_as}
    people, person = np.unique(ratings.users, return_inverse=True)
    rows = np.array([place.get(film, -1) for film in ratings.films])
    here = (rows >= 0) & (values != 0)
    shape = (len(films), len(people))
    return sparse.csr_matrix((values[here], (rows[here], person[here])), shape=shape)


def _relation(films: Sequence[Film], people: sparse.csr_matrix) -> Relation:
    dots = (people @ people.T).toarray()
    told = (people != 0).astype(np.float64)
    both = (told @ told.T).toarray()
    norms = np.sqrt(np.diag(dots))
    alike = dots / np.maximum(np.outer(norms, norms), 1e-9) * both / (both + SHRINK)
    names = sorted(GROUPS)
    member = np.array([[name in groups_of(film) for name in names] for film in films], float)
    strength = np.where(member @ member.T > 0, np.maximum(alike, 0), 0)
    np.fill_diagonal(strength, 0)
    return Relation(strength.astype(np.float32))
