"""Which places of a list are for something else: the same for a person all day."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date

SCALE = 2.0**64


@dataclass(frozen=True)
class Draw:
    """What a person's list explores on a day, drawn by a keyed hash: nobody without the key can
    tell it beforehand."""

    key: bytes
    viewer: str
    day: date

    @property
    def place(self) -> float:
        """Where in the random order of all items to look, 0 to 1."""
        return self._number("place")

    def explores(self, position: int, share: float) -> bool:
        """Whether a position of the list, from 0 on, is for something else."""
        return self._number(f"position {position}") < share

    def _number(self, what: str) -> float:
        text = f"{self.day.isoformat()}\n{what}\n{self.viewer}".encode()
        digest = hmac.new(self.key, text, hashlib.sha256).digest()
        return int.from_bytes(digest[:8], "big") / SCALE
