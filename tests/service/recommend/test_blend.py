"""One ranking from several sources."""

from __future__ import annotations

import pytest

from service.recommend.blend import blend, least_to_best
from service.recommend.sources import SourcedItem

WEIGHTS = {"together": 1.0, "close": 0.5}


def test_a_source_is_scaled_from_its_least_to_its_best() -> None:
    assert least_to_best([0.9, 0.8, 0.7]) == pytest.approx([1, 0.5, 0])
    assert least_to_best([0.7, 0.7]) == [1, 1]
    assert least_to_best([]) == []


def test_what_two_sources_name_is_added_up() -> None:
    sources = {
        "together": [SourcedItem(1, 8.0), SourcedItem(2, 6.0), SourcedItem(3, 4.0)],
        "close": [SourcedItem(2, 0.61), SourcedItem(4, 0.60)],
    }
    scored = blend(sources, WEIGHTS)
    assert [(one.item, one.score) for one in scored] == [
        (1, pytest.approx(2 / 3)),
        (2, pytest.approx(1 / 3 + 1 / 3)),
        (3, 0),
        (4, 0),
    ]


def test_a_candidate_names_the_source_that_gave_most_of_its_score() -> None:
    sources = {
        "together": [SourcedItem(1, 2.0), SourcedItem(2, 1.0)],
        "close": [SourcedItem(2, 0.9), SourcedItem(1, 0.5)],
    }
    assert [(one.item, one.source) for one in blend(sources, WEIGHTS)] == [
        (1, "together"),
        (2, "close"),
    ]


def test_a_source_that_finds_nothing_takes_no_share() -> None:
    (one,) = blend({"together": [], "close": [SourcedItem(7, 0.3)]}, WEIGHTS)
    assert (one.item, one.score) == (7, 1.0)
