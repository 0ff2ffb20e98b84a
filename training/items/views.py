"""Films as the network's input, each as often as there are texts of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from items import Item
from items.inputs import Inputs, Layout
from training.items.films import Film

Floats = NDArray[np.float32]
Change = Callable[[Item], Item]


@dataclass(frozen=True)
class Views:
    """``inputs`` float32 [views, width]; ``film`` int [views] is the film that a view shows."""

    inputs: Floats
    film: NDArray[np.int64]
    layout: Layout


def first_view(films: Sequence[Film], pictures: Sequence[Floats | None]) -> list[Item]:
    """Each film as it is asked for and found: its title, first text, genres, year and poster."""
    return [f.item(f.texts[:1], _stacked(p)) for f, p in zip(films, pictures, strict=True)]


def every_view(films: Sequence[Film], pictures: Sequence[Floats | None], inputs: Inputs) -> Views:
    """What is learned from: each text alone, all together, and the Korean one."""
    seen: list[Item] = []
    rows: list[int] = []
    for row, (film, picture) in enumerate(zip(films, pictures, strict=True)):
        texts: list[tuple[str, ...]] = [(text,) for text in film.texts]
        if len(texts) > 1:
            texts.append(film.texts)
        found = [film.item(text, _stacked(picture)) for text in texts or [()]]
        if film.text_ko:
            found.append(replace(found[0], title=film.title_ko, text=film.text_ko))
        seen += found
        rows += [row] * len(found)
    return Views(inputs.of(seen), np.array(rows), inputs.layout)


def without_text(item: Item) -> Item:
    """The item with its pictures only, and neither title, text, tags nor year."""
    return Item(pictures=item.pictures)


def without_picture(item: Item) -> Item:
    """The item without its pictures."""
    return replace(item, pictures=None)


def without_tags(item: Item) -> Item:
    """The item without tags and year: what is written and shown."""
    return replace(item, tags=(), year=None)


def without_year(item: Item) -> Item:
    """The item without its year."""
    return replace(item, year=None)


def _stacked(picture: Floats | None) -> Floats | None:
    """One embedding [d] or several [n, d], as several."""
    return None if picture is None else np.atleast_2d(picture)
