"""Shapes say what the numbers say."""

from __future__ import annotations

import pytest

from service.console.overview.charts import HEIGHT, ChartPlace, Kind, area, histogram, stacked

PASSED, FLAGGED = Kind("pass", "passed", "light"), Kind("flag", "flagged", "solid")
HOURS = [
    ChartPlace("13:00"),
    ChartPlace("14:00", "14:00"),
    ChartPlace("15:00", "15:00", minor=True),
]


def test_parts_of_a_column_stand_on_each_other_and_are_as_high_as_their_counts() -> None:
    chart = stacked(HOURS, [{}, {"pass": 6, "flag": 4}, {"flag": 10}], [PASSED, FLAGGED])
    unit = HEIGHT / 10
    assert [box.tone for box in chart.boxes] == ["light", "solid", "solid"]
    assert [box.height for box in chart.boxes] == pytest.approx([6 * unit, 4 * unit, 10 * unit])
    assert [box.y for box in chart.boxes] == pytest.approx([4 * unit, 0, 0], abs=0.01)
    assert [box.says for box in chart.boxes] == [
        "14:00: passed 6",
        "14:00: flagged 4",
        "15:00: flagged 10",
    ]


def test_columns_share_the_width_and_do_not_touch() -> None:
    boxes = histogram([ChartPlace("a"), ChartPlace("b")], [1, 1], "plain").boxes
    assert boxes[0].x + boxes[0].width < 50 < boxes[1].x
    assert boxes[1].x + boxes[1].width < 100


def test_only_places_with_a_text_have_one_below() -> None:
    chart = stacked(HOURS, [{"pass": 1}] * 3, [PASSED])
    assert [(text.text, text.minor) for text in chart.across] == [("14:00", False), ("15:00", True)]
    assert [text.at for text in chart.across] == pytest.approx([50, 83.333])


def test_a_histograms_numbers_stand_above_its_columns() -> None:
    chart = histogram(
        [ChartPlace("a", "0"), ChartPlace("b", "5"), ChartPlace("c", "10")], [2000, 0, 500], "plain"
    )
    assert [text.text for text in chart.values] == ["2,000", "500"]
    assert [text.down < box.y for text, box in zip(chart.values, chart.boxes, strict=True)] == [
        True,
        True,
    ]
    assert [text.at for text in chart.across] == pytest.approx([0, 33.333, 66.667])


def test_an_areas_line_holds_each_level_for_its_place() -> None:
    chart = area([ChartPlace("a"), ChartPlace("b")], [5, 10])
    assert chart.line == f"M0,{HEIGHT / 2}V{HEIGHT / 2}H50.0V0.0H100.0"
    assert [(box.says, box.height) for box in chart.boxes] == [("a: 5", HEIGHT), ("b: 10", HEIGHT)]


def test_nothing_but_zeros_is_drawn_as_nothing() -> None:
    assert stacked(HOURS, [{}] * 3, [PASSED]).boxes == []
    assert histogram(HOURS, [0] * 3, "plain").boxes == []
