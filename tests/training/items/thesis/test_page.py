"""What the report says of figures that are given."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.items.evaluate import RecallRow
from training.items.losses import LOSSES
from training.items.split import Split
from training.items.thesis.page import page

ROWS = np.arange(3)
SPLIT = Split(ROWS, ROWS, ROWS)


def row(name: str, at_20: float, spread: float = 1.0) -> RecallRow:
    between = [(at_20 - spread, at_20 + spread)] * 3
    return RecallRow(name, [1.0, 2.0, at_20], [1.0, 2.0, 3.0], 4.0, {"recall": between})


def done(at_20: dict[str, float], spread: float = 1.0) -> dict[str, dict[str, Any]]:
    found = {}
    for loss, value in at_20.items():
        named = {"text": "lsa", "picture": "starter", "fusion": "convolutions", "loss": loss}
        told = vars(row(loss, value, spread))
        found[loss] = {"row": told, "experiment": named, "epochs": 7, "note": "", "weights": ""}
    return found


PLAIN = [row("cosine", 20.0), row("full", 21.0), row("axes", 22.0)]
THESIS = dict(
    zip(
        ("z-sigmoid", "vse++", "triplet-hard", "triplet-semi-hard", "contrastive", "info-nce"),
        (80.0, 70.0, 60.0, 50.0, 40.0, 30.0),
        strict=True,
    )
)


def test_what_replicates_is_said() -> None:
    told = page(PLAIN, done(THESIS), [], SPLIT, 0.5)
    assert "Of the thesis's 10 pairs of losses 10 have the same order here, 10 with" in told
    assert "(20.0 at 20) replicates: 80.0 [79.0, 81.0]" in told
    assert "| VSE++ | – / – / 75.1 | 1.0 / 2.0 / 70.0 | – |" in told
    assert "| k-nearest neighbours | – / – / 21.6 | 1.0 / 2.0 / 22.0 | – |" in told


def test_what_does_not_replicate_is_said() -> None:
    turned = dict(zip(THESIS, reversed(THESIS.values()), strict=True)) | {"z-sigmoid": 19.0}
    told = page(PLAIN, done(turned), [], SPLIT, 0.5)
    assert "Of the thesis's 10 pairs of losses 0 have the same order here, 0 with" in told
    assert "(20.0 at 20) does not replicate here" in told


def test_an_order_within_the_intervals_is_not_sure() -> None:
    told = page(PLAIN, done(THESIS, spread=25.0), [], SPLIT, 0.5)
    assert "10 have the same order here, 0 with" in told


def test_every_loss_is_in_the_ranking() -> None:
    told = page(PLAIN, done(THESIS), [], SPLIT, 0.5)
    ranking = next(line for line in told.splitlines() if line.startswith("- Losses by recall@20"))
    assert [loss for loss in LOSSES if loss not in ranking] == []


def test_rows_that_are_not_finished_are_named() -> None:
    told = page(PLAIN, done({"vse++": 50.0}), ["a", "b"], SPLIT, 0.5)
    assert "Not finished: a; b." in told
    assert "MLP:" not in told


def test_a_network_that_learned_nothing_has_no_place_in_the_ranking() -> None:
    rows = done(THESIS)
    rows["vse++"]["epochs"] = 0
    told = page(PLAIN, rows, [], SPLIT, 0.5)
    assert "| vse++ (nothing learned: no epoch was better than the start) |" in told
    assert "- Nothing learned: no epoch was better than the start, convolutions: vse++." in told
    assert "pairs of losses" not in told
