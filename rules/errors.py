"""Errors that point at their place in the file, as a compiler's do."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

SHOWN = 200


@dataclass(frozen=True)
class SourcePlace:
    """A place in a file. Line and column count from one; ``text`` is the whole line."""

    file: str
    line: int
    column: int
    text: str


class RulesetError(Exception):
    """A ruleset or rule cannot be used. ``str()`` shows file, line, column, the line with a caret
    below the fault, what is wrong, and what may have been meant."""

    def __init__(self, what: str, place: SourcePlace | None = None, hint: str = "") -> None:
        self.what = what
        self.place = place
        self.hint = hint
        super().__init__(self._text())

    def _text(self) -> str:
        lines = []
        if self.place:
            lines.append(f"{self.place.file}:{self.place.line}:{self.place.column}: {self.what}")
            at = self.place.column - 1
            start = max(0, at - SHOWN // 2)
            shown = _printable(self.place.text[start : start + SHOWN])
            lines += [f"    {shown}", f"    {_blank(shown[: at - start])}^"]
        else:
            lines.append(self.what)
        return "\n".join(lines + ([f"  {self.hint}"] if self.hint else []))


def nearest(name: str, known: Collection[str]) -> str:
    """A hint with the known name that is spelled most alike, or with all names if none is close."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known are: {', '.join(sorted(known))}." if known else ""


def _printable(text: str) -> str:
    """The text without tabs, control characters and lone surrogates, which would move the caret or
    upset the terminal.
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _blank(text: str) -> str:
    """Spaces as wide as the text in a terminal: Korean letters take two columns; marks, and parts
    of a letter that join the one before, take none.
    """
    return " " * sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if unicodedata.combining(letter) or "\u1160" <= letter <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
