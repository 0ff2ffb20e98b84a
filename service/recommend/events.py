"""What a person did with an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["view", "like", "save", "dislike"]
LIKED = frozenset(("like", "save"))


@dataclass(frozen=True)
class Event:
    """One interaction. ``item_kind`` is item or post, ``item`` its id on the platform; ``seconds``
    is how long it was watched."""

    id: str
    viewer: str
    item_kind: str
    item: str
    kind: Kind
    seconds: float | None
    at: datetime
