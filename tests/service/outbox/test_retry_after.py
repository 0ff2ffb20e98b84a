"""Retry-After is a number of seconds or a date; anything else asks for nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.outbox.retry_after import seconds_asked

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999999", 999999999999),
        ("Fri, 20 Nov 2026 12:02:00 GMT", 120),
        ("Fri, 20 Nov 2026 12:02:00 -0000", 120),
        ("Friday, 20-Nov-26 12:02:00 GMT", 120),
        ("Fri Nov 20 12:02:00 2026", 120),
        ("Fri, 20 Nov 2026 11:00:00 GMT", None),
        ("", None),
        ("²", None),
        ("Â²", None),
        ("١٢", None),
        ("-5", None),
        ("1e400", None),
        ("nan", None),
        ("inf", None),
        ("9" * 5000, None),
        ("1.5", None),
        ("soon", None),
        ("Fri, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_what_is_asked_for(value: str, seconds: float | None) -> None:
    assert seconds_asked(value, NOON) == seconds
