"""Filters of the templates: figures, moments and stored texts in the page's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import format_datetime, format_decimal, format_percent, get_locale

from service.cases.holders import COUNTED


def localised(texts: Mapping[str, str] | None) -> str:
    """A stored text in the language of the page; in English where it has no other."""
    texts = texts or {}
    return texts.get(str(get_locale()), texts.get("en", ""))


def word(code: str, words: Mapping[str, Any]) -> str:
    """The word for a stored code; the code itself where a newer part wrote one we do not know."""
    return str(words.get(code, code))


def percent(share: float) -> str:
    """A share of one as a whole percentage, never rounded to certainty."""
    shown = share if share in (0, 1) else min(max(share, 0.01), 0.99)
    return str(format_percent(shown, "#,##0%"))


def written(details: Any) -> str:
    """An entry's details on one line."""
    return json.dumps(details, ensure_ascii=False)


def when(moment: datetime) -> str:
    """A moment as the clocks show it where the reader is."""
    # Korean says 오전 and 오후, which Unicode's medium format leaves in English.
    pattern = "y. M. d. aaaa h:mm:ss" if str(get_locale()) == "ko" else "medium"
    try:
        return str(format_datetime(moment, pattern))
    except OverflowError:  # a moment at the end of what can be said, which is later where we are
        return str(format_datetime(moment, pattern, rebase=False))


def so_far(many: int) -> str:
    """A number that was counted so far and no further."""
    return f"{format_decimal(many)}{'+' if many >= COUNTED else ''}"
