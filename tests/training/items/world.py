"""Sixty films of three kinds: each has its words, genre and colour, and people whom it pleases."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

KINDS = {
    "Comedy": ("wedding party laugh joke dog neighbour cake clown", (230, 200, 40), "결혼 파티"),
    "Horror": ("ghost blood night scream grave curse knife cellar", (30, 10, 40), "유령 무덤"),
    "Western": (
        "horse sheriff desert gold saloon duel rider cattle",
        (200, 120, 60),
        "사막 총잡이",
    ),
}
EACH = 20
POSTERS = 3


def write_world(folder: Path) -> Path:
    """Writes movies.csv, ratings.csv and posters; the last film has no poster."""
    random = np.random.default_rng(11)
    (folder / "posters").mkdir(parents=True)
    films: list[list[object]] = []
    ratings: list[list[object]] = []
    posters: list[NDArray[np.uint8]] = []
    for kind, (genre, (told, colour, korean)) in enumerate(KINDS.items()):
        for number in range(EACH):
            row = kind * EACH + number
            name = f"tt{row:07}"
            plots = [" ".join(random.permutation(told.split())[:5]) for _ in range(2)]
            text_ko = f"{korean} 이야기" if number % 4 == 0 else ""
            films.append([name, row, f"Film {row}", 1950 + row // 2, genre, *plots, "", text_ko])
            if number < POSTERS:  # what is looked at takes time: few are different
                noise = random.integers(-30, 30, (80, 70, 3))
                posters.append(np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8))
            poster = posters[kind * POSTERS + number % POSTERS]
            if row < len(KINDS) * EACH - 1:
                Image.fromarray(poster).save(folder / "posters" / f"{name}.jpg")
            for person in range(30):
                likes = person % len(KINDS) == kind
                if random.random() < 0.7:
                    ratings.append([person, row, 5.0 if likes else 2.0])
    columns = [
        "imdb_id",
        "movielens_id",
        "title",
        "year",
        "genres",
        "plot",
        "plot2",
        "title_ko",
        "plot_ko",
    ]
    _write(folder / "movies.csv", columns, films)
    _write(folder / "ratings.csv", ["user", "movielens_id", "rating"], ratings)
    return folder


def _write(path: Path, columns: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
