"""A folder of films: a table, a poster each and, if known, who rated them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from items import Item
from training.errors import TrainingError

TABLE, RATINGS, POSTERS = "movies.csv", "ratings.csv", "posters"
NO_GENRE = "(no genres listed)"


@dataclass(frozen=True)
class Film:
    """One row of the table. ``texts`` are what different writers said of it, in English.

    ``rated_as`` is its number in the table of ratings; ``year`` None where it is not told.
    """

    id: str
    title: str
    texts: tuple[str, ...]
    genres: tuple[str, ...]
    year: int | None
    poster: Path
    rated_as: str | None
    title_ko: str = ""
    text_ko: str = ""

    def item(self, texts: Sequence[str], pictures: NDArray[np.float32] | None) -> Item:
        """The film as an item with these texts and embeddings of pictures."""
        return Item(self.title, "\n".join(texts), self.genres, self.year, pictures)


@dataclass(frozen=True)
class Ratings:
    """Who gave which film what: three columns of the same length."""

    users: NDArray[np.str_]
    films: NDArray[np.str_]
    values: NDArray[np.float64]


def read_films(folder: Path) -> list[Film]:
    """The films in the order of the table. Raises TrainingError where it cannot be read."""
    rows = _rows(folder / TABLE, ("imdb_id", "title", "plot", "genres"))
    if not rows:
        raise TrainingError(f"{folder / TABLE} names no film.")
    films = [_film(row, folder) for row in rows]
    if len({film.id for film in films}) != len(films):
        raise TrainingError(f"{folder / TABLE} names an imdb_id twice.")
    return films


def read_ratings(folder: Path) -> Ratings:
    """What people rated. Raises TrainingError where the table cannot be read."""
    rows = _rows(folder / RATINGS, ("user", "movielens_id", "rating"))
    try:
        values = np.array([float(row["rating"]) for row in rows])
    except ValueError as error:
        raise TrainingError(f"{folder / RATINGS} holds a rating that is no number.") from error
    return Ratings(
        np.array([row["user"] for row in rows]),
        np.array([row["movielens_id"] for row in rows]),
        values,
    )


def _film(row: dict[str, str], folder: Path) -> Film:
    year = (row.get("year") or "").strip()
    texts = [row["plot"], row.get("plot2") or ""]
    return Film(
        id=row["imdb_id"],
        title=row["title"],
        texts=tuple(text for text in texts if text.strip()),
        genres=tuple(g for g in row["genres"].split("|") if g and g != NO_GENRE),
        year=int(float(year)) if year.replace(".", "", 1).isdigit() else None,
        poster=folder / POSTERS / f"{row['imdb_id']}.jpg",
        rated_as=row.get("movielens_id") or None,
        title_ko=row.get("title_ko") or "",
        text_ko=row.get("plot_ko") or "",
    )


def _rows(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise TrainingError(f"{path} lacks the column {missing[0]}.")
            return [{k: v or "" for k, v in row.items() if k} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{path} cannot be read: {error}.") from error
