"""The simple things that ours must be better than: scores of all films for all people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from implicit.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from benchmarks.recommend.data import Films, Rating, Split

Scores = npt.NDArray[np.float32]
LATELY, HALF = 20, 5  # as service/recommend/taste.py has them


@dataclass(frozen=True)
class Known:
    """What a method may learn from: ``likes`` [people, films] of 0 and 1, ``seen`` the same of all
    ratings, the films that each person liked in their order, and vectors [films, dimension]."""

    likes: Scores
    seen: npt.NDArray[np.bool_]
    liked: Mapping[int, Sequence[int]]
    vectors: Scores


def known(films: Films, split: Split, vectors: Scores) -> Known:
    """Put what is known into tables."""
    shape = (films.people, len(films.ids))
    likes, seen = np.zeros(shape, np.float32), np.zeros(shape, bool)
    liked: dict[int, list[int]] = {person: [] for person in range(films.people)}
    for rating in split.known:
        seen[rating.person, rating.film] = True
        if rating.is_liked:
            likes[rating.person, rating.film] = 1
            liked[rating.person].append(rating.film)
    return Known(likes, seen, liked, vectors)


def random(given: Known) -> Scores:
    """Films at random."""
    drawn: Scores = np.random.default_rng(0).random(given.likes.shape, np.float32)
    return drawn


def popularity(given: Known) -> Scores:
    """What most people like."""
    return np.tile(given.likes.sum(axis=0), (len(given.likes), 1)).astype(np.float32)


def together(given: Known) -> Scores:
    """Item-item co-occurrence: the cosine of who likes two films, summed over what is liked."""
    both: Scores = given.likes.T @ given.likes
    size = np.sqrt(np.maximum(np.diag(both), 1))
    likeness = both / size[:, None] / size[None, :]
    np.fill_diagonal(likeness, 0)
    return (given.likes @ likeness).astype(np.float32)


def als(given: Known) -> Scores:
    """Matrix factors by alternating least squares (Hu, Koren and Volinsky, 2008)."""
    with threadpool_limits(1, "blas"):  # several are much slower, and the library warns of them
        model = AlternatingLeastSquares(
            factors=32, regularization=0.1, alpha=10.0, iterations=20, num_threads=1, random_state=0
        )
        model.fit(csr_matrix(given.likes), show_progress=False)
    scores: Scores = np.asarray(model.user_factors @ model.item_factors.T, np.float32)
    return scores


def content(given: Known) -> Scores:
    """What looks like what was liked lately: the cosine to the decayed mean."""
    scores = np.zeros(given.likes.shape, np.float32)
    for person, films in given.liked.items():
        lately = films[::-1][:LATELY]
        weights = 0.5 ** (np.arange(len(lately)) / HALF)
        if lately:
            scores[person] = given.vectors @ (weights @ given.vectors[lately])
    return scores


METHODS: Mapping[str, Callable[[Known], Scores]] = {
    "random": random,
    "popularity": popularity,
    "item-item co-occurrence": together,
    "ALS (implicit)": als,
}


def lists(scores: Scores, given: Known, split: Split, most: int = 20) -> dict[int, list[int]]:
    """Each person's best films that they have not seen; equals by chance."""
    tie = np.random.default_rng(1).random(scores.shape[1])
    found = {}
    for person in split.wanted:
        hidden = given.seen[person].copy()
        if split.candidates is not None:
            hidden |= ~np.isin(np.arange(len(hidden)), list(split.candidates))
        distance = np.where(hidden, np.inf, -scores[person].astype(np.float64))
        ranked = np.lexsort(np.array([tie, distance]))
        found[person] = [int(film) for film in ranked[: min(most, int((~hidden).sum()))]]
    return found


def likers(ratings: Sequence[Rating], films: int) -> list[int]:
    """How many people like each film."""
    return [int(n) for n in np.bincount([r.film for r in ratings if r.is_liked], minlength=films)]
