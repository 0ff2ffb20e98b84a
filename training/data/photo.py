"""A photograph and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Photo:
    """A photograph: where it lies, what it shows, where it comes from and under which licence.

    ``absent`` names labels that it was said not to show, ``unknown`` those that nothing is known
    of. ``source`` is None where nothing was said of it. ``name`` is the file as its table or folder
    names it, with ``/``; corrections are matched by it.
    """

    path: Path
    labels: frozenset[str]
    source: str | None = None
    licence: str | None = None
    absent: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    name: str = field(default="", compare=False)
