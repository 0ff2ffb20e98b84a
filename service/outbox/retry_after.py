"""What a receiver asks for with ``Retry-After`` (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,12}")  # str.isdigit takes "²", too, which is no number to Python


def seconds_asked(value: str, now: datetime) -> float | None:
    """Seconds from ``now`` that a header asks for: a number of them or a date.

    Returns:
        None where it asks for nothing: no number, no date, or a date that is over.
    """
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        left = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return left if left > 0 else None
