"""One HTML page that tells how good a bundle is, and reads without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np

from classifiers import Bundle
from training.data.labels import Meanings
from training.data.photo import Photo
from training.errors import TrainingError
from training.promise import holdout
from training.promise.calibration_error import brier, expected_error
from training.promise.settle import KNOWN, NEW
from training.report import card, charts
from training.report.charts import confusion, precision_recall, reliability
from training.report.examples import pick_examples
from training.report.intervals import Scored, scored
from training.report.metrics import Floats, Quality, Summary, measure

TEMPLATE = Path(__file__).with_name("report.html")


@dataclass(frozen=True)
class Section:
    """A label's charts (SVG) and figures on the held-back photographs of known sources."""

    quality: Quality
    curve: str
    reliability: str
    ece: float
    brier: float
    true_at: float | None
    false_at: float | None
    missing: int
    missing_sources: int


@dataclass(frozen=True)
class Whole:
    """What all labels come to on some photographs; ``scored`` has each figure with its interval."""

    title: str
    photographs: int
    scored: Scored
    summary: Summary


def write_report(
    bundle: Bundle, photos: Sequence[Photo], meanings: Meanings, out: Path, seed: int
) -> None:
    """Writes the page; with ``photos`` also mistakes, suspected errors and what to label next.

    Figures come from what the bundle keeps of its held-back photographs. Raises TrainingError where
    it keeps nothing, or where no photograph can be read.
    """
    held = holdout.of_bundle(bundle)
    examples = None
    if photos:
        examples = pick_examples(bundle, photos, meanings, seed)
        if examples is None:
            raise TrainingError("None of the photographs could be read.")
    said = card.of_bundle(bundle)
    known = bundle.heads.calibrated(held.known)
    new = bundle.heads.calibrated(held.new[held.unseen])
    wholes = [_whole(KNOWN, bundle, known, held.truth)]
    if held.unseen.any():
        wholes.append(_whole(NEW, bundle, new, held.truth[held.unseen]))
    page = jinja2.Environment(autoescape=True).from_string(TEMPLATE.read_text("utf-8"))
    text = page.render(
        bundle=bundle,
        card=said,
        wholes=wholes,
        sections=_sections(bundle, said, (known, held.truth), (new, held.truth[held.unseen])),
        confusion=confusion([label.name for label in bundle.labels], known, held.truth),
        examples=examples,
    )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, "utf-8")
    except OSError as error:
        raise TrainingError(f"{out} cannot be written ({error.strerror}).") from error


def _whole(title: str, bundle: Bundle, scores: Floats, truth: Floats) -> Whole:
    summary = measure(bundle.labels, scores, truth)[1]
    return Whole(title, len(truth), scored(scores, truth), summary)


def _sections(
    bundle: Bundle, said: Any, known: tuple[Floats, Floats], new: tuple[Floats, Floats]
) -> list[Section]:
    qualities, _ = measure(bundle.labels, *known)
    found = []
    for place, (label, quality) in enumerate(zip(bundle.labels, qualities, strict=True)):
        here = _of_label(KNOWN, place, *known)
        found.append(
            Section(
                quality=quality,
                curve=precision_recall(
                    label.name, [here, _of_label(NEW, place, *new)], label.true_at
                ),
                reliability=reliability(label.name, here),
                ece=expected_error(here.scores, here.truth),
                brier=brier(here.scores, here.truth),
                true_at=label.true_at,
                false_at=label.false_at,
                missing=int(said["thresholds"][label.name]["missing"]),
                missing_sources=int(said["thresholds"][label.name].get("missing_sources", 0)),
            )
        )
    return found


def _of_label(title: str, place: int, scores: Floats, truth: Floats) -> charts.Sample:
    """A label's scores, of the photographs of which it is known."""
    known = ~np.isnan(truth[:, place])
    return charts.Sample(title, scores[known, place], truth[known, place])
