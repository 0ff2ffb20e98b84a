"""Worked out by hand: four people, four films."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.items.films import Film, Ratings
from training.items.related import Relation, groups_of, liked_together, rated_alike


def film(number: int, *genres: str) -> Film:
    return Film(f"tt{number}", "", (), genres, None, Path(), str(number))


FILMS = [film(0, "Action"), film(1, "Western"), film(2, "Romance"), film(3, "Adventure", "Romance")]
# Rows are people, columns films; 0 is no rating.
TABLE = np.array([[5, 5, 5, 1], [4, 4, 1, 1], [5, 2, 4, 0], [0, 0, 0, 3]])


@pytest.fixture
def ratings() -> Ratings:
    person, number = np.nonzero(TABLE)
    return Ratings(person.astype(str), number.astype(str), TABLE[person, number].astype(float))


def test_films_are_alike_that_the_same_people_like(ratings: Ratings) -> None:
    found = liked_together(FILMS, ratings).strength
    # Three like film 0, two film 1, both of them film 0, too; two are few: 2 / (2 + 5).
    assert found[0, 1] == pytest.approx(2 / 6**0.5 * 2 / 7)
    assert np.array_equal(found, found.T)


def test_films_without_a_shared_group_are_not_similar(ratings: Ratings) -> None:
    found = liked_together(FILMS, ratings).strength
    assert found[0, 2] == 0
    assert not np.diag(found).any()


def test_ratings_are_seen_against_their_persons_mean(ratings: Ratings) -> None:
    found = rated_alike(FILMS, ratings).strength
    # Means 4, 2.5, 11/3: film 0 has 1, 1.5, 4/3 and film 1 has 1, 1.5, -5/3.
    first, second = np.array([1, 1.5, 4 / 3]), np.array([1, 1.5, -5 / 3])
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    assert found[0, 1] == pytest.approx(cosine * 3 / 8)
    assert found[0, 3] == 0  # who likes one dislikes the other


def test_the_nearest_count_either_way_round() -> None:
    strength = np.array([[0, 3, 2], [3, 0, 0], [2, 0, 0]], np.float32)
    assert Relation(strength).nearest(1).tolist() == [
        [False, True, True],
        [True, False, False],
        [True, False, False],
    ]


def test_ratings_of_films_that_are_not_here_say_nothing(ratings: Ratings) -> None:
    assert liked_together(FILMS[:2], ratings).strength.shape == (2, 2)


def test_a_film_is_in_the_groups_of_all_its_genres() -> None:
    assert groups_of(film(0, "Western", "Sci-Fi", "IMAX")) == {"action", "fantastic"}
