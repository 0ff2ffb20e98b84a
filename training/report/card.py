"""The model card: what a bundle was trained on, how good it is, and where it is not.

Mitchell et al. 2019, "Model Cards for Model Reporting".
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from classifiers import Bundle, Label
from training.data.clean import Photos
from training.data.labels import Meanings
from training.errors import TrainingError
from training.promise.bundle import Trained
from training.promise.calibrate import ISOTONIC, PLATT, TEMPERATURE, way_of
from training.promise.holdout import HeldBack
from training.promise.settle import HERE, KNOWN, NEW, Settled
from training.promise.thresholds import Promise, Thresholds, fewest
from training.report.metrics import Floats, Quality, Summary, measure, table

JSON, MARKDOWN = "card.json", "card.md"


def figures(each: Sequence[Quality], summary: Summary) -> dict[str, Any]:
    """Qualities and summary as plain data."""
    return {"labels": [asdict(quality) for quality in each], "summary": asdict(summary)}


def held_back_figures(trained: Trained, held: HeldBack, meanings: Meanings) -> dict[str, Any]:
    """Figures on photographs of sources never seen, and of known sources."""
    labels = _labels(trained, meanings)
    found = {"left_out": figures(*measure(labels, _scores(trained, held.new), held.truth))}
    found |= {"known_sources": figures(*measure(labels, _scores(trained, held.known), held.truth))}
    if held.unseen.any():
        rows = held.unseen
        scores = _scores(trained, held.new[rows])
        found["unseen_sources"] = figures(*measure(labels, scores, held.truth[rows]))
    return found


def _scores(trained: Trained, logits: Floats) -> Floats:
    columns = [settled.calibration.score(logits[:, i]) for i, settled in enumerate(trained.settled)]
    return np.stack(columns, axis=1)


@dataclass(frozen=True)
class Origin:
    """What a bundle was trained on: how many photographs, from which sources, of which labels.

    ``sources`` are rows of the card, ``labels`` the photographs of each label by source.
    ``network_sources`` are those that the network itself was fine-tuned on, where that was in a run
    before this one: for them the heads alone are held back.
    """

    photographs: int
    sources: list[dict[str, Any]]
    labels: dict[str, dict[str, int]]
    network_sources: tuple[str, ...] = ()


def origin_of(found: Photos, names: Sequence[str], network_sources: Collection[str] = ()) -> Origin:
    """The origin of a bundle that was trained on photographs."""
    counts = _counts(names, found)
    return Origin(len(found.photos), _sources(found), counts, tuple(sorted(network_sources)))


def origin_of_card(card: Mapping[str, Any]) -> Origin:
    """The origin as a card (``card.json``, read) tells of it."""
    network = tuple(card.get("network_sources", ()))
    return Origin(card["photographs"], card["sources"], card["labels"], network)


def network_sources_of(card: Mapping[str, Any]) -> frozenset[str]:
    """The sources that the network of a bundle may have been fine-tuned on, by its card."""
    every = {row["source"] for row in card["sources"] if row["source"]}
    return frozenset(card.get("network_sources") or every)


def of_bundle(bundle: Bundle) -> dict[str, Any]:
    """What the bundle's card says. Raises TrainingError where there is none, or one of something
    else."""
    path = bundle.path / JSON
    if JSON not in bundle.manifest.files:
        raise TrainingError(f"{bundle.path} has no {JSON}: it was not written by this program.")
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        for label in bundle.labels:
            row = found["thresholds"][label.name]
            _ = row["basis"], int(row["missing"])
        origin_of_card(found)
    except (OSError, LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        raise TrainingError(
            f"{path} does not say what the card of this bundle says: copy the whole bundle again."
        ) from error
    return found


def write(trained: Trained, origin: Origin, meanings: Meanings) -> dict[str, bytes]:
    """The card's two files, by name."""
    card = {
        "name": trained.name,
        "backbone": trained.backbone,
        "licence": trained.licence,
        "photographs": origin.photographs,
        "fingerprint": trained.fingerprint,
        "sources": origin.sources,
        "labels": origin.labels,
        "network_sources": list(origin.network_sources),
        "promise": dict(trained.promise),
        "thresholds": {
            name: {**asdict(settled.thresholds), "basis": settled.basis}
            for name, settled in zip(trained.labels, trained.settled, strict=True)
        },
        "metrics": dict(trained.metrics),
        "limits": _limits(trained, origin, meanings),
    }
    return {
        JSON: (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode(),
        MARKDOWN: _markdown(card, way_of([s.calibration for s in trained.settled])).encode(),
    }


def _labels(trained: Trained, meanings: Meanings) -> list[Label]:
    return [
        Label(
            name=name,
            group=meanings.of(name).group,
            parent=meanings.of(name).parent if meanings.of(name).parent in trained.labels else None,
            titles={},
            true_at=settled.thresholds.true_at,
            false_at=settled.thresholds.false_at,
        )
        for name, settled in zip(trained.labels, trained.settled, strict=True)
    ]


def _sources(found: Photos) -> list[dict[str, Any]]:
    counts = Counter((photo.source, photo.licence) for photo in found.photos)
    return [
        {"source": source, "photographs": count, "licence": licence}
        for (source, licence), count in counts.most_common()
    ]


def _counts(names: Sequence[str], found: Photos) -> dict[str, dict[str, int]]:
    by_label: dict[str, Counter[str]] = defaultdict(Counter)
    for photo in found.photos:
        for label in photo.labels:
            by_label[label][photo.source or "unnamed"] += 1
    return {name: dict(by_label[name].most_common()) for name in names}


def _limits(trained: Trained, origin: Origin, meanings: Meanings) -> list[str]:
    limits = []
    if origin.network_sources:
        limits.append(
            f"The network itself was fine-tuned on {len(origin.network_sources)} of the sources, "
            "in a run before: on those, what is held back flatters."
        )
    for name, counts in origin.labels.items():
        most, total = max(counts.values()), sum(counts.values())
        if most > 0.8 * total:
            limits.append(
                f"{name}: {most} of its {total} photographs come from one source, so that what is "
                "measured here flatters: on photographs of another kind it may be worse."
            )
        if meanings.of(name).unknown_when:
            others = " and ".join(meanings.of(name).unknown_when)
            limits.append(f"{name}: not learned from, nor measured on, photographs of {others}.")
    for name, settled in zip(trained.labels, trained.settled, strict=True):
        own = trained.promise.get(f"max_error of {name}")
        if own is not None:
            limits.append(f"{name}: its promise is a looser one, of {own:.0%} wrong facts.")
        limits += _unpromised(name, settled)
        shown = _shown_by_new_sources(trained, name)
        if settled.basis == NEW and shown < fewest(Promise(own or trained.promise["max_error"])):
            limits.append(
                f"{name}: only {shown} photographs of it are from sources that the network in "
                "question never saw, too few to show that the promise holds for new sources."
            )
    return limits


def _shown_by_new_sources(trained: Trained, name: str) -> int:
    rows = trained.metrics.get("unseen_sources", {"labels": []})["labels"]
    return next((int(row["shown"]) for row in rows if row["label"] == name), 0)


def _unpromised(name: str, settled: Settled) -> list[str]:
    thresholds = settled.thresholds
    if thresholds.missing:
        return [
            f"{name}: always unknown; at least {thresholds.missing} photographs more are needed."
        ]
    found = []
    if settled.basis == HERE:
        why = _more(thresholds) if thresholds.missing_sources else "too many errors are alike"
        found.append(
            f"{name}: promised for the sources below taken together, each looked at by heads "
            f"trained without it; for every source never seen it cannot be promised: {why}."
        )
    if settled.basis == KNOWN:
        found.append(
            f"{name}: the promise could not be made for photographs from new sources"
            f"{f' ({_more(thresholds)})' if thresholds.missing_sources else ''}; it is made for "
            "photographs like those of the sources below."
        )
    both = (("true", thresholds.true_at), ("false", thresholds.false_at))
    sides = [side for side, at in both if at is None]
    if sides:
        found.append(
            f"{name}: never stated {' nor '.join(sides)}, because the held-back photographs do not "
            f"bear the promise out; {_more(thresholds)}."
        )
    return found


def _more(thresholds: Thresholds) -> str:
    """What a label lacks for its promise: sources, since many photographs of one count little."""
    if thresholds.missing_sources:
        return f"at least {thresholds.missing_sources} sources more are needed"
    return "more photographs from more sources are needed"


def _markdown(card: dict[str, Any], way: str) -> str:
    promise = card["promise"]
    lines = [
        f"# Model card: {card['name']}",
        "",
        f"Backbone `{card['backbone']}`, licence {card['licence']}. Trained on "
        f"{card['photographs']} photographs (fingerprint `{card['fingerprint'][:12]}`).",
        "",
        f"Thresholds promise that at most {promise['max_error']:.0%} of the facts stated are "
        f"wrong, with {promise['confidence']:.0%} confidence, label by label, for photographs "
        f"like those held back. Scores are {_CALIBRATED[way]} on the same.",
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


_CALIBRATED = {
    PLATT: "Platt-calibrated",
    TEMPERATURE: "temperature-scaled",
    ISOTONIC: "calibrated by isotonic regression",
}
_TABLES = (
    ("Photographs from sources kept apart (the bundle itself)", "test"),
    (
        "Photographs from sources never seen (by a network and heads trained without them)",
        "unseen_sources",
    ),
    ("Photographs of all sources (by heads trained without each)", "left_out"),
    (
        "Photographs held back from known sources (heads that saw other photographs of them)",
        "known_sources",
    ),
)
