"""Why a person answered as they did: a reason from a short list, and a note in their own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

LONGEST_NOTE = 500  # characters

REASONS: Mapping[str, Mapping[str, str]] = yaml.safe_load(
    Path(__file__).with_name("reasons.yaml").read_text("utf-8")
)
"""The reasons of ``reasons.yaml``: the name that is stored, and its titles by language."""


class RemarkError(Exception):
    """A reason or a note cannot be kept; the text says why."""


@dataclass(frozen=True)
class Remark:
    """A reason of ``REASONS`` and a note; each may be None, as neither is asked for.

    Raises:
        RemarkError: the reason is unknown, or the note is longer than ``LONGEST_NOTE``.
    """

    reason: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.reason is not None and self.reason not in REASONS:
            raise RemarkError(f"There is no reason {self.reason!r}.")
        if self.note is not None and len(self.note) > LONGEST_NOTE:
            raise RemarkError(f"The note has {len(self.note)} characters, over {LONGEST_NOTE}.")

    @property
    def logged(self) -> dict[str, str | bool]:
        """What the audit log may say: it is never erased, so it says only that there is a note."""
        reason = {"reason": self.reason} if self.reason else {}
        return {**reason, "note": True} if self.note else {**reason}


NO_REMARK = Remark()
