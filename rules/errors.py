"""Errors that point at the place, as a compiler's do."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in a file: line and column count from one; ``text`` is the whole line."""

    file: str
    line: int
    column: int
    text: str


class RulesetError(Exception):
    """A ruleset or rule cannot be used. ``str()`` shows file, line, column, the line with a caret
    below the fault, what is wrong, and what may have been meant."""

    def __init__(self, what: str, place: Place | None = None, hint: str = "") -> None:
        self.what = what
        self.place = place
        self.hint = hint
        super().__init__(self._text())

    def _text(self) -> str:
        lines = []
        if self.place:
            lines.append(f"{self.place.file}:{self.place.line}:{self.place.column}: {self.what}")
            shown = self.place.text[:200]
            lines += [f"    {shown}", f"    {_blank(shown[: self.place.column - 1])}^"]
        else:
            lines.append(self.what)
        return "\n".join(lines + ([f"  {self.hint}"] if self.hint else []))


def nearest(name: str, known: Collection[str]) -> str:
    """A hint with the known name that is written most alike, or all names where none is."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known are: {', '.join(sorted(known))}." if known else ""


def _blank(text: str) -> str:
    """As many columns of space as a terminal needs for the text: Korean letters take two."""
    wide = (2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return " " * sum(wide)
