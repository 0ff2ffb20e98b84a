"""The language of a few words, as far as their letters tell. Migration 0036 says it in SQL."""

from __future__ import annotations

import re


def language_of(words: str) -> str:
    """``ko`` where there is Hangul, else ``en`` where there are Latin letters, else nothing."""
    if re.search(r"[가-힣]", words):
        return "ko"
    return "en" if re.search(r"[A-Za-z]", words) else ""
