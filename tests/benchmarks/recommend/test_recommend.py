"""Measures on cases worked out by hand; every method on a world whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.recommend.data import Films, Rating, leave_films_out, leave_last_out, read
from benchmarks.recommend.measures import coverage, gain, hit, interval, novelty
from benchmarks.recommend.methods import METHODS, content, known, lists
from benchmarks.recommend.ours import Way, ours


def rated(person: int, film: int, at: int, stars: float = 5) -> Rating:
    return Rating(person, film, stars, at)


def world() -> Films:
    """Two tastes: even people like even films, odd people odd ones; each has not seen one yet."""
    ratings = [
        rated(person, film, 20 * person + film)
        for person in range(8)
        for film in range(16)
        if film % 2 == person % 2 and film // 2 != person // 2
    ]
    names = [f"f{film}" for film in range(16)]
    return Films(names, names, [Path(name) for name in names], 8, ratings)


def test_measures_are_as_worked_out_by_hand() -> None:
    assert [hit(7, [1, 7, 3], k) for k in (1, 2)] == [0, 1]
    assert gain(1, [1, 7]) == 1
    assert gain(7, [1, 7]) == pytest.approx(1 / np.log2(3))
    assert gain(9, [1, 7]) == 0
    assert coverage({0: [1, 2], 1: [2]}, 4) == 0.5
    shown = novelty({0: [0], 1: [1]}, {0: 5, 1: 5}, [2, 0])
    assert shown.mean == pytest.approx((0 + np.log2(3)) / 2)
    sure = interval(np.ones(50))
    assert (sure.mean, sure.low, sure.high) == (1, 1, 1)


def test_the_last_liked_film_and_what_came_after_it_are_kept_back() -> None:
    ratings = [rated(0, 1, 1), rated(0, 2, 2), rated(0, 3, 3, stars=2), rated(1, 1, 4)]
    split = leave_last_out(ratings, 2)
    assert split.wanted == {0: 2}
    assert list(split.known) == [ratings[0], ratings[3]]


def test_a_film_that_is_kept_back_is_unknown_to_all() -> None:
    split = leave_films_out(world())
    assert split.candidates is not None
    assert not split.candidates & {rating.film for rating in split.known}
    assert set(split.wanted.values()) <= split.candidates


def test_a_folder_is_read_without_films_that_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "movies.csv").write_text("imdb_id,movielens_id,title\ntt1,7,A film\n")
    (tmp_path / "ratings.csv").write_text(
        "user,movielens_id,rating,timestamp\n3,7,4.0,5\n3,8,5,6\n"
    )
    found = read(tmp_path)
    assert (found.people, found.ratings) == (1, [rated(0, 0, 5, stars=4)])
    assert found.posters == [tmp_path / "posters" / "tt1.jpg"]


def test_whoever_learns_from_likes_finds_the_films_of_ones_taste() -> None:
    films = world()
    split = leave_last_out(films.ratings, films.people)
    vectors = np.eye(16, 2, dtype=np.float32)
    vectors[:, 0], vectors[:, 1] = 1 - np.arange(16) % 2, np.arange(16) % 2
    given = known(films, split, vectors)
    found = {name: lists(method(given), given, split, 1) for name, method in METHODS.items()}
    found["content"] = lists(content(given), given, split, 1)
    found |= ours(films, split, {"sides": vectors}, {"ours": Way("sides")})
    for name in ("item-item co-occurrence", "ALS (implicit)", "content", "ours"):
        first = {person: shown[0] for person, shown in found[name].items()}
        assert all(film % 2 == person % 2 for person, film in first.items()), name
    for shown in found["ours"].values():
        assert len(set(shown)) == len(shown)
