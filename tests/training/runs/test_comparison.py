"""A comparison as its reader sees it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from training.runs.compare import BINARY, LABELS, BackboneRow
from training.runs.comparison import as_table, plot

SCORED = {"accuracy": [0.9, 0.85, 0.95], "macro F1": [0.8, 0.7, 0.9], "mean AP": [0.75, 0.7, 0.8]}
ROWS = [
    BackboneRow("mobilenetv2", BINARY, "ImageNet", 224, SCORED, 50.0, 4.21, 1.2),
    BackboneRow("xception", LABELS, "random", 299, SCORED, 5.0, 40.0, 7.0),
]


def test_the_table_has_a_row_a_way_and_tells_random_weights() -> None:
    first, second = as_table(ROWS).splitlines()[2:]
    assert "| mobilenetv2 | frozen, a binary classifier per label | ImageNet | 224 |" in first
    assert "| 0.750 [0.700, 0.800] | 50 | 4.2 | 1 s |" in first
    assert "| xception | frozen, one multi-label head | random | 299 |" in second


def test_the_same_rows_give_the_same_plot_byte_for_byte() -> None:
    drawn = plot(ROWS)
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 (drawn a line above)
    assert plot(ROWS) == drawn
    assert b"xception (random weights)" in drawn
    assert b"mobilenetv2 (random weights)" not in drawn
