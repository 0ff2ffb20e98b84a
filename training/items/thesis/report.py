"""All tables and plots in one run, which goes on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError
from training.fit.aside import aside
from training.fit.keep import Keep
from training.items.bundle import fingerprint
from training.items.films import Film
from training.items.fit import Schedule
from training.items.learn import Material
from training.items.split import Split, split_films
from training.items.thesis import experiments
from training.items.thesis.experiments import Experiment, plan
from training.items.thesis.page import best_of, page
from training.items.thesis.plots import draw
from training.items.thesis.texts import Texts

Floats = NDArray[np.float32]

ROWS, VECTORS, PAGE = "rows.json", "vectors.npz", "report.md"
TextMaker = Callable[[], Texts]
PictureMaker = Callable[[], tuple[Floats, str]]


@dataclass(frozen=True)
class EncoderComparison:
    """What is compared. The first text and the first image network take part in every loss.

    Makers are asked for only where a row still needs them; a picture's says what its weights are.
    ``made_with`` tells other files and networks behind the same names apart.
    """

    texts: dict[str, TextMaker]
    pictures: dict[str, PictureMaker]
    losses: tuple[str, ...]
    width: float
    schedule: Schedule
    out: Path
    made_with: str = ""

    def key(self, films: Sequence[Film]) -> str:
        """Rows of an earlier run are taken over where this is the same."""
        return repr((self.width, self.schedule, self.made_with, fingerprint(films)))

    @property
    def plan(self) -> list[Experiment]:
        """Every row of the table."""
        return plan(list(self.texts), list(self.pictures), self.losses)


def run(material: Material, asked: EncoderComparison) -> str:
    """Writes rows.json, report.md and the plots; returns the report."""
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"{asked.out} cannot be made ({error.strerror}).") from error
    split = split_films(material.films, asked.schedule.seed)
    made = _Made(asked)
    text, picture = next(iter(asked.texts)), next(iter(asked.pictures))
    plain = experiments.untrained(made.text(text), made.picture(picture)[0], material, split)
    told = ""
    # After each row, so that a run that is stopped leaves a report of what it came to.
    for done in _train_each(material, split, asked, made):
        missing = [one.name for one in asked.plan if one.name not in done]
        told = page([one for one, _ in plain], done, missing, split, asked.width)
        (asked.out / PAGE).write_text(told, "utf-8")
    with np.load(asked.out / VECTORS) as saved:
        films = [material.films[row] for row in split.test]
        for name, vectors in (("untrained", plain[0][1]), ("trained", saved[best_of(done)])):
            title = f"Films that were not learned from: {name}"
            png, html = asked.out / f"pca-{name}.png", asked.out / f"pca-{name}.html"
            draw(films, vectors, title, png, html)
    return told


class _Made:
    """Text and image networks' numbers, each made once and when it is needed."""

    def __init__(self, asked: EncoderComparison) -> None:
        self._asked = asked
        self._texts: dict[str, Texts] = {}
        self._pictures: dict[str, tuple[Floats, str]] = {}

    def text(self, name: str) -> Texts:
        if name not in self._texts:
            self._texts[name] = self._asked.texts[name]()
        return self._texts[name]

    def picture(self, name: str) -> tuple[Floats, str]:
        if name not in self._pictures:
            self._pictures[name] = self._asked.pictures[name]()
        return self._pictures[name]


def _train_each(
    material: Material, split: Split, asked: EncoderComparison, made: _Made
) -> Iterator[dict[str, dict[str, Any]]]:
    """All rows so far by their names, after each; those of an earlier run are read."""
    key = asked.key(material.films)
    done, vectors = _read(asked.out, key)
    for one in asked.plan:
        if one.name in done:
            continue
        texts, (pictures, said) = made.text(one.text), made.picture(one.picture)
        keep = Keep.of(asked.out / "unfinished", key, one)
        outcome = experiments.train(
            one, texts, pictures, material, split, asked.schedule, asked.width, keep
        )
        done[one.name] = outcome.as_data() | {"experiment": vars(one), "weights": said}
        vectors[one.name] = outcome.vectors
        with aside(asked.out / VECTORS) as half:
            np.savez(half, **vectors)  # type: ignore[arg-type]  # numpy's stub is wrong
        text = json.dumps({"key": key, "rows": done}, indent=1, ensure_ascii=False)
        with aside(asked.out / ROWS) as half:
            half.write_text(text + "\n", "utf-8")
        yield done
    yield done


def _read(folder: Path, key: str) -> tuple[dict[str, dict[str, Any]], dict[str, Floats]]:
    try:
        found = json.loads((folder / ROWS).read_text("utf-8"))
        with (folder / VECTORS).open("rb") as file, np.load(file) as saved:
            vectors = {name: saved[name] for name in saved.files}
    except (OSError, ValueError, BadZipFile):
        return {}, {}
    return (found["rows"], vectors) if found["key"] == key else ({}, {})
