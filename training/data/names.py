"""The names of labels and of files, as different systems write them."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from rules import RulesetError
from rules.verdicts.expression import Label
from rules.verdicts.parse import parse
from training.errors import TrainingError


def composed(name: str) -> str:
    """A name with its letters composed: macOS takes them apart, and 음식 is then not 음식."""
    return unicodedata.normalize("NFC", name)


def check_label(name: str) -> None:
    """Raises TrainingError where no rule could name a label: before it is learned."""
    try:
        usable = parse(name) == Label(name)
    except RulesetError:
        usable = False
    if not usable:
        raise TrainingError(
            f"No rule could name the label {name!r}: call it something of 1 to 64 letters, digits, "
            "hyphens and underscores that begins with a letter and is no word like 'and'."
        )


def file_in(folder: Path, name: str) -> Path:
    """A file by a name that somebody typed, its letters composed or taken apart as they lie there.

    The name as it is, where no such file is there.
    """
    path = folder / name
    if not os.path.lexists(path):
        for form in ("NFC", "NFD"):
            other = folder / unicodedata.normalize(form, name)
            if os.path.lexists(other):
                return other
    return path
