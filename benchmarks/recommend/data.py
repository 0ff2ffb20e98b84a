"""A folder of films with ratings, split by the last thing that each person liked."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LIKED = 4.0  # stars, and more
COLD_SHARE = 0.1  # of the films, whose ratings nobody sees in the second table


@dataclass(frozen=True)
class Rating:
    """``person`` and ``film`` are places in ``Films``; ``at`` is in seconds since 1970."""

    person: int
    film: int
    stars: float
    at: int

    @property
    def is_liked(self) -> bool:
        """Whether the person liked the film."""
        return self.stars >= LIKED


@dataclass(frozen=True)
class Films:
    """The catalogue and what people made of it. Ratings of films that it lacks are left out."""

    ids: Sequence[str]
    titles: Sequence[str]
    posters: Sequence[Path]
    people: int
    ratings: Sequence[Rating]


@dataclass(frozen=True)
class Split:
    """What may be learned from, and the film that each person's list is to hold.

    ``candidates`` are the films that count in a list; None: all.
    """

    known: Sequence[Rating]
    wanted: dict[int, int]
    candidates: frozenset[int] | None = None


def read(folder: Path) -> Films:
    """Read `movies.csv`, `ratings.csv` and the names of the posters."""
    with (folder / "movies.csv").open(encoding="utf-8", newline="") as file:
        films = list(csv.DictReader(file))
    place = {film["movielens_id"]: number for number, film in enumerate(films)}
    people: dict[str, int] = {}
    ratings = []
    with (folder / "ratings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["movielens_id"] in place:
                person = people.setdefault(row["user"], len(people))
                film = place[row["movielens_id"]]
                ratings.append(Rating(person, film, float(row["rating"]), int(row["timestamp"])))
    ratings.sort(key=lambda rating: (rating.at, rating.person, rating.film))
    return Films(
        [film["imdb_id"] for film in films],
        [film["title"] for film in films],
        [folder / "posters" / f"{film['imdb_id']}.jpg" for film in films],
        len(people),
        ratings,
    )


def leave_last_out(ratings: Sequence[Rating], people: int) -> Split:
    """Keep back the last film that each person liked, of those who liked another before.

    What the person rated after it is kept back, too; what others did later is not.
    """
    likes: dict[int, list[int]] = {person: [] for person in range(people)}
    for number, rating in enumerate(ratings):
        if rating.is_liked:
            likes[rating.person].append(number)
    last = {person: found[-1] for person, found in likes.items() if len(found) > 1}
    known = [
        rating
        for number, rating in enumerate(ratings)
        if number < last.get(rating.person, len(ratings))
    ]
    return Split(known, {person: ratings[number].film for person, number in last.items()})


def leave_films_out(films: Films, seed: int = 0) -> Split:
    """Keep back all ratings of some films: nobody is known to have seen them. Looked for is the
    last of them that each person liked, among them alone."""
    chance = np.random.default_rng(seed)
    number = round(COLD_SHARE * len(films.ids))
    cold = frozenset(int(film) for film in chance.permutation(len(films.ids))[:number])
    known = [rating for rating in films.ratings if rating.film not in cold]
    wanted = {
        rating.person: rating.film
        for rating in films.ratings
        if rating.film in cold and rating.is_liked
    }
    likers = {rating.person for rating in known if rating.is_liked}
    return Split(known, _only(wanted, likers), cold)


def _only(wanted: dict[int, int], people: Collection[int]) -> dict[int, int]:
    return {person: film for person, film in wanted.items() if person in people}
