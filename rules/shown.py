"""What strangers typed, as sentences quote it."""

from __future__ import annotations

import re

# Control characters, and those that turn the direction of what follows on a page.
UNSHOWN = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """The text without what would turn the rest of a sentence around, or break its line."""
    return UNSHOWN.sub(lambda found: " " if found[0].isspace() else "", text)


def hashtag(tag: str) -> str:
    """A hashtag with one '#', as sentences quote it."""
    return f"#{shown(tag).lstrip('#')}"
