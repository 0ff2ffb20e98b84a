"""One HTML page that tells how good a bundle is, and reads without a network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np

from classifiers import Bundle
from training import card, heldback
from training.charts import confusion, precision_recall, reliability
from training.errors import TrainingError
from training.gauge import brier, expected_error
from training.labels import Meanings
from training.looks import look_at
from training.metrics import Floats
from training.photo import Photo

TEMPLATE = Path(__file__).with_name("report.html")


@dataclass(frozen=True)
class Section:
    """A label's charts (SVG) and figures on the held-back photographs."""

    name: str
    shown: int
    photographs: int
    curve: str
    reliability: str
    ece: float
    brier: float
    true_at: float | None
    false_at: float | None
    missing: int


def write_report(
    bundle: Bundle, photos: Sequence[Photo], meanings: Meanings, out: Path, seed: int
) -> None:
    """Writes the page; with ``photos`` also mistakes, suspected errors and what to label next.

    Figures come from what the bundle keeps of its held-back photographs. Raises TrainingError where
    it keeps nothing, or where no photograph can be read.
    """
    held = heldback.of_bundle(bundle)
    said = json.loads((bundle.path / card.JSON).read_text("utf-8"))
    scores = bundle.heads.calibrated(held.known)
    looks = None
    if photos:
        looks = look_at(bundle, photos, meanings, seed)
        if looks is None:
            raise TrainingError("None of the photographs could be read.")
    page = jinja2.Environment(autoescape=True).from_string(TEMPLATE.read_text("utf-8"))
    out.write_text(
        page.render(
            bundle=bundle,
            card=said,
            sections=_sections(bundle, said, scores, held.truth),
            confusion=confusion([label.name for label in bundle.labels], scores, held.truth),
            looks=looks,
        ),
        "utf-8",
    )


def _sections(bundle: Bundle, said: Any, scores: Floats, truth: Floats) -> list[Section]:
    thresholds = said["thresholds"]
    found = []
    for place, label in enumerate(bundle.labels):
        known = ~np.isnan(truth[:, place])
        s, y = scores[known, place], truth[known, place]
        if not len(y):
            continue
        found.append(
            Section(
                name=label.name,
                shown=int(y.sum()),
                photographs=len(y),
                curve=precision_recall(label.name, s, y),
                reliability=reliability(label.name, s, y),
                ece=expected_error(s, y),
                brier=brier(s, y),
                true_at=label.true_at,
                false_at=label.false_at,
                missing=int(thresholds[label.name]["missing"]),
            )
        )
    return found
