"""Lots that nobody can foresee, and that come out the same again."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from intervals import Share
from service.quality.draw import drawn, lot

KEY = SecretStr("a key")
ROWS = range(1, 20_001)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.5])
def test_about_the_share_that_was_asked_for_is_drawn(share: float) -> None:
    hits = sum(drawn(KEY, "double", row, share) for row in ROWS)
    found = Share(hits, len(ROWS))
    assert found.low is not None
    assert found.high is not None
    assert found.low * 0.9 < share < found.high * 1.1


def test_all_or_none_are_drawn_where_that_is_asked_for() -> None:
    assert all(drawn(KEY, "double", row, 1.0) for row in range(1000))
    assert not any(drawn(KEY, "double", row, 0.0) for row in range(1000))


def test_drawn_again_it_comes_out_the_same() -> None:
    once, again = ([drawn(KEY, "double", row, 0.5) for row in ROWS] for _ in range(2))
    assert once == again


def test_another_key_or_lottery_draws_others() -> None:
    def half(key: SecretStr, lottery: str) -> list[bool]:
        return [drawn(key, lottery, row, 0.5) for row in ROWS]

    ours = half(KEY, "double")
    for other in (half(SecretStr("another key"), "double"), half(KEY, "control")):
        same = sum(one == two for one, two in zip(ours, other, strict=True))
        assert same / len(ours) == pytest.approx(0.5, abs=0.03)


def test_a_larger_share_holds_the_smaller_one() -> None:
    few = {row for row in ROWS if drawn(KEY, "spot_check", row, 0.01)}
    more = {row for row in ROWS if drawn(KEY, "spot_check", row, 0.02)}
    assert few < more


def test_lots_do_not_tell_the_key_or_the_row() -> None:
    assert lot(KEY, "double", 7) != lot(KEY, "double", 8)
    assert len(lot(KEY, "double", 7)) == 64
