"""In a plot 30 high, of which 3 above and below stay empty."""

from __future__ import annotations

import pytest

from intervals import Share
from service.console.overview.spark import HEIGHT, MARGIN, spark


def test_the_highest_day_is_at_the_top_and_zero_at_the_bottom() -> None:
    drawn = spark([Share(0, 10), Share(5, 10)], [Share(10, 10), Share(10, 10)])
    assert drawn.before == ["0.5,27.0 1.5,15.0"]
    assert drawn.now == ["2.5,3.0 3.5,3.0"]
    assert (drawn.width, drawn.since) == (4, 2)


def test_days_without_photographs_interrupt_the_line_and_a_day_alone_is_a_dot() -> None:
    drawn = spark([Share(1, 2), Share(0, 0), Share(1, 2), Share(1, 2)], [Share(0, 0)])
    assert drawn.before == ["0.5,3.0 0.5,3.0", "2.5,3.0 3.5,3.0"]
    assert drawn.now == []


def test_the_level_is_the_share_of_all_days_before() -> None:
    drawn = spark([Share(0, 30), Share(10, 10)], [Share(1, 1)])
    assert drawn.level == pytest.approx(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) / 4)
    assert spark([Share(0, 0)], [Share(1, 1)]).level is None


def test_a_label_that_is_never_seen_lies_at_the_bottom() -> None:
    assert spark([Share(0, 5)] * 2, [Share(0, 5)]).level == HEIGHT - MARGIN
