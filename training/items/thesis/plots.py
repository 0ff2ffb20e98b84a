"""Films on the two principal axes of their vectors, coloured by genre."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
from matplotlib.figure import Figure
from numpy.typing import NDArray

from training.items.films import Film

Floats = NDArray[np.float32]

# As many colours as can be told apart; films of other genres are grey.
COLOURS = {
    "Comedy": "#e69f00",
    "Drama": "#0072b2",
    "Action": "#d55e00",
    "Horror": "#000000",
    "Romance": "#cc79a7",
    "Children": "#009e73",
    "Sci-Fi": "#56b4e9",
    "Crime": "#8c564b",
}
OTHER, GREY = "other", "#bbbbbb"


def on_two_axes(vectors: Floats) -> Floats:
    """float32 [n, 2]: the vectors on their principal axes."""
    centred = vectors - vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(centred @ axes[:2].T, np.float32)


def genre_of(film: Film) -> str:
    """The rarest of its genres that has a colour: most films are dramas or comedies, too."""
    found = [genre for genre in reversed(COLOURS) if genre in film.genres]
    return found[0] if found else OTHER


def draw(films: Sequence[Film], vectors: Floats, title: str, picture: Path, page: Path) -> None:
    """Writes a PNG, and one HTML file that reads without a network."""
    places = on_two_axes(vectors)
    genres = np.array([genre_of(film) for film in films])
    figure = Figure(figsize=(7, 6), layout="constrained", dpi=110)
    axes = figure.subplots()
    drawn = go.Figure()
    for genre in (OTHER, *COLOURS):
        rows = np.flatnonzero(genres == genre).tolist()
        colour = COLOURS.get(genre, GREY)
        x, y = places[rows, 0], places[rows, 1]
        axes.scatter(x, y, s=14, c=colour, label=genre, alpha=0.75, linewidths=0)
        drawn.add_scatter(
            x=x.tolist(),
            y=y.tolist(),
            mode="markers",
            name=genre,
            marker={"color": colour, "size": 7, "opacity": 0.75},
            text=[f"{films[row].title} ({'|'.join(films[row].genres)})" for row in rows],
            hoverinfo="text",
        )
    axes.set_title(title, fontsize=10)
    axes.legend(fontsize=8)
    axes.set_xlabel("first principal axis", fontsize=9)
    axes.set_ylabel("second principal axis", fontsize=9)
    figure.savefig(picture, metadata={"Software": None})
    drawn.update_layout(title=title, template="simple_white")
    drawn.write_html(page, include_plotlyjs=True, full_html=True)
