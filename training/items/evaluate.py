"""What an encoder is worth on films that it never saw, against what was not learned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from items import Item
from items.inputs import Inputs
from training.items.concatenation import Concatenation
from training.items.measure import recall
from training.items.views import (
    Change,
    without_picture,
    without_tags,
    without_text,
    without_year,
)

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[Item]], Floats]


@dataclass(frozen=True)
class RecallRow:
    """One line of the table: per cent at 1, 10 and 20, and 95 % intervals of the same."""

    name: str
    recall: list[float]
    recall_field: list[float]
    map: float
    intervals: dict[str, list[tuple[float, float]]]


def _same(item: Item) -> Item:
    return item


def _written(item: Item) -> Item:
    return without_picture(without_tags(item))


def _no_tags(item: Item) -> Item:
    return Item(item.title, item.text, (), item.year, item.pictures)


# What is asked with, and what is looked through.
KINDS: tuple[tuple[str, Change, Change], ...] = (
    ("everything", _same, _same),
    ("without the year", without_year, without_year),
    ("without genres", _no_tags, _no_tags),
    ("without genres and year", without_tags, without_tags),
    ("title and text only", _written, _written),
    ("text, genres and year, no picture", without_picture, without_picture),
    ("picture only", without_text, without_text),
    ("asked with a picture only, among everything", without_text, _same),
    ("asked with title and text only, among everything", _written, _same),
)


def rows(encode: Encode, items: Sequence[Item], similar: NDArray[np.bool_]) -> list[RecallRow]:
    """The encoder with parts of the items missing."""
    found = []
    for name, asked, stored in KINDS:
        queries = encode([asked(item) for item in items])
        found.append(row(name, queries, encode([stored(item) for item in items]), similar))
    return found


def row(name: str, queries: Floats, vectors: Floats, similar: NDArray[np.bool_]) -> RecallRow:
    """One line."""
    found = recall(queries, vectors, similar)
    summary = found.summary()
    return RecallRow(
        name, summary["recall"], summary["recall_field"], summary["map"][0], found.intervals()
    )


def baselines(
    inputs: Inputs, start: Concatenation, items: Sequence[Item], similar: NDArray[np.bool_]
) -> list[RecallRow]:
    """Chance, single parts, and parts put beside each other without any learning."""
    given = inputs.of(items)
    layout = inputs.layout
    bare = inputs.of([without_tags(item) for item in items])
    timeless = inputs.of([without_year(item) for item in items])
    chance = np.random.default_rng(0).normal(size=(len(items), 64)).astype(np.float32)
    text, tags = (given[:, slice(*place)] for place in (layout.text, layout.tags))
    picture = given[:, slice(*layout.picture)]
    plain = np.concatenate([text, picture], axis=1)
    named: list[tuple[str, Floats]] = [
        ("chance", chance),
        ("genres only", tags),
        ("text only (LSA)", text),
        ("picture only", picture),
        ("untrained: text and picture side by side", plain),
        ("untrained, weighed: without genres and year", start.vectors(bare, layout)),
        ("untrained, weighed: without the year", start.vectors(timeless, layout)),
        ("untrained, weighed: everything", start.vectors(given, layout)),
    ]
    return [row(name, vectors, vectors, similar) for name, vectors in named]


def as_data(found: Sequence[RecallRow]) -> list[dict[str, object]]:
    """Rows as plain data, rounded to what their intervals bear."""

    def rounded(value: object) -> object:
        if isinstance(value, float):
            return round(value, 2)
        if isinstance(value, list | tuple):
            return [rounded(one) for one in value]
        if isinstance(value, dict):
            return {key: rounded(one) for key, one in value.items()}
        return value

    return [{key: rounded(value) for key, value in asdict(one).items()} for one in found]


def table(found: Sequence[RecallRow]) -> str:
    """Markdown: recall@k by the thesis and by the field, with intervals at 10."""
    lines = [
        "| | recall@1 | @10 | @20 | field's @10 | @20 | mAP |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in found:
        low, high = one.intervals["recall"][1]
        below, above = one.intervals["recall_field"][1]
        lines.append(
            f"| {one.name} | {one.recall[0]:.1f} | {one.recall[1]:.1f} [{low:.1f}, {high:.1f}] | "
            f"{one.recall[2]:.1f} | {one.recall_field[1]:.1f} [{below:.1f}, {above:.1f}] | "
            f"{one.recall_field[2]:.1f} | {one.map:.1f} |"
        )
    return "\n".join(lines)
