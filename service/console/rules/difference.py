"""How a text differs from another, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

AROUND = 3
MOST_LINES = 2000  # of both together: comparing takes their product


@dataclass(frozen=True)
class Line:
    """One line: ``kind`` is added, removed, same, or place (where the next lines stand)."""

    kind: str
    text: str


_KINDS = {"+": "added", "-": "removed", " ": "same", "@": "place"}


def difference(before: str, after: str) -> Sequence[Line] | None:
    """The lines that differ, with a few around each; None where the texts are too long."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        return None
    # The first two lines name the files.
    found = list(difflib.unified_diff(old, new, n=AROUND, lineterm=""))[2:]
    return [Line(_KINDS[line[0]], line if line[0] == "@" else line[1:]) for line in found]
