"""The model card: what a bundle was trained on, how good it is, and where it is not.

Mitchell et al. 2019, "Model Cards for Model Reporting".
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from classifiers import Label
from training.clean import Photos
from training.export import Trained
from training.heldback import HeldBack
from training.labels import Meanings
from training.metrics import Quality, Summary, measure, table

JSON, MARKDOWN = "card.json", "card.md"


def figures(each: Sequence[Quality], summary: Summary) -> dict[str, Any]:
    """Qualities and summary as plain data."""
    return {"labels": [asdict(quality) for quality in each], "summary": asdict(summary)}


def held_back_figures(trained: Trained, held: HeldBack, meanings: Meanings) -> dict[str, Any]:
    """Figures on photographs of sources never seen, and on all held-back photographs."""
    labels = _labels(trained, meanings)
    scores = np.stack(
        [platt.score(held.logits[:, i]) for i, platt in enumerate(trained.calibrations)], axis=1
    )
    found = {"held_back": figures(*measure(labels, scores, held.truth))}
    if held.unseen.any():
        rows = held.unseen
        found["unseen_sources"] = figures(*measure(labels, scores[rows], held.truth[rows]))
    return found


def write(trained: Trained, found: Photos, meanings: Meanings) -> dict[str, bytes]:
    """The card's two files, by name."""
    card = {
        "name": trained.name,
        "backbone": trained.backbone,
        "licence": trained.licence,
        "photographs": len(found.photos),
        "fingerprint": trained.fingerprint,
        "sources": _sources(found),
        "labels": _counts(trained, found),
        "promise": dict(trained.promise),
        "thresholds": {
            name: asdict(thresholds)
            for name, thresholds in zip(trained.labels, trained.thresholds, strict=True)
        },
        "metrics": dict(trained.metrics),
        "limits": _limits(trained, found, meanings),
    }
    return {
        JSON: (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode(),
        MARKDOWN: _markdown(card).encode(),
    }


def _labels(trained: Trained, meanings: Meanings) -> list[Label]:
    return [
        Label(
            name=name,
            group=meanings.of(name).group,
            parent=meanings.of(name).parent if meanings.of(name).parent in trained.labels else None,
            titles={},
            true_at=thresholds.true_at,
            false_at=thresholds.false_at,
        )
        for name, thresholds in zip(trained.labels, trained.thresholds, strict=True)
    ]


def _sources(found: Photos) -> list[dict[str, Any]]:
    counts = Counter((photo.source, photo.licence) for photo in found.photos)
    return [
        {"source": source, "photographs": count, "licence": licence}
        for (source, licence), count in counts.most_common()
    ]


def _counts(trained: Trained, found: Photos) -> dict[str, dict[str, int]]:
    by_label: dict[str, Counter[str]] = defaultdict(Counter)
    for photo in found.photos:
        for label in photo.labels:
            by_label[label][photo.source or "unnamed"] += 1
    return {name: dict(by_label[name].most_common()) for name in trained.labels}


def _limits(trained: Trained, found: Photos, meanings: Meanings) -> list[str]:
    limits = []
    for name, counts in _counts(trained, found).items():
        most, total = max(counts.values()), sum(counts.values())
        if most > 0.8 * total:
            limits.append(
                f"{name}: {most} of its {total} photographs come from one source, so that what is "
                "measured here flatters: on photographs of another kind it may be worse."
            )
        if meanings.of(name).unknown_when:
            others = " and ".join(meanings.of(name).unknown_when)
            limits.append(f"{name}: not learned from, nor measured on, photographs of {others}.")
    for name, thresholds in zip(trained.labels, trained.thresholds, strict=True):
        limits += _unpromised(name, thresholds.true_at, thresholds.false_at, thresholds.missing)
    return limits


def _unpromised(
    name: str, true_at: float | None, false_at: float | None, missing: int
) -> list[str]:
    if missing:
        return [f"{name}: always unknown; at least {missing} photographs more are needed."]
    sides = [side for side, at in (("true", true_at), ("false", false_at)) if at is None]
    if not sides:
        return []
    return [
        f"{name}: never stated {' nor '.join(sides)}, because the held-back photographs do not "
        "bear the promise out; more photographs from more sources are needed."
    ]


def _markdown(card: dict[str, Any]) -> str:
    promise = card["promise"]
    lines = [
        f"# Model card: {card['name']}",
        "",
        f"Backbone `{card['backbone']}`, licence {card['licence']}. Trained on "
        f"{card['photographs']} photographs (fingerprint `{card['fingerprint'][:12]}`).",
        "",
        f"Thresholds promise that at most {promise['max_error']:.0%} of the facts stated are "
        f"wrong, with {promise['confidence']:.0%} confidence, label by label, for photographs "
        "like those held back. Scores are Platt-calibrated on the same.",
        "",
    ]
    for title, key in _TABLES:
        if key in card["metrics"]:
            found = card["metrics"][key]
            each = [Quality(**row) for row in found["labels"]]
            lines += [f"## {title}", "", table(each, Summary(**found["summary"])), ""]
    lines += ["## Limits", "", *(f"- {limit}" for limit in card["limits"]), ""]
    lines += ["## Photographs", "", "| source | photographs | licence |", "| --- | ---: | --- |"]
    lines += [
        f"| {row['source'] or 'unnamed'} | {row['photographs']} | {row['licence'] or 'unnamed'} |"
        for row in card["sources"]
    ]
    lines += ["", "None of the photographs is part of the bundle.", ""]
    return "\n".join(lines)


_TABLES = (
    ("Photographs from sources kept apart (the bundle itself)", "test"),
    (
        "Photographs from sources never seen (by networks trained alike without them)",
        "unseen_sources",
    ),
    ("All held-back photographs, also of sources that were seen", "held_back"),
)
