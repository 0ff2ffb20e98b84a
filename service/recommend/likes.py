"""What a person likes, and which pairs of items come of it. Pure.

Two items make a pair where one person came to like both, the second among the ``WINDOW`` after the
first. Each liked item keeps its number, so the pairs of a person can be worked out from these
numbers alone whenever one of them, or the person, goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime

WINDOW = 30
Pairs = Counter[tuple[int, int]]


@dataclass
class Likes:
    """A person's opinions as far as they are needed.

    ``nth`` maps liked items to their numbers, ``at`` the items that there is an opinion on to its
    time. ``count`` is the last number that was given.
    """

    count: int
    nth: dict[int, int] = field(default_factory=dict)
    at: dict[int, datetime] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    _items: dict[int, int] = field(init=False)  # liked items by their numbers

    def __post_init__(self) -> None:
        self._items = {nth: item for item, nth in self.nth.items()}

    def keep(self, items: Container[int]) -> None:
        """Know of no other liked items than these."""
        self.nth = {item: nth for item, nth in self.nth.items() if item in items}
        self._items = {nth: item for item, nth in self.nth.items()}

    def like(self, item: int, at: datetime, pairs: Pairs) -> None:
        """The person likes an item, unless a later opinion on it is known."""
        if not self._is_news(item, at):
            return
        if item not in self.nth:
            self.count += 1
            self.nth[item], self._items[self.count] = self.count, item
            self._pair(item, 1, pairs)

    def dislike(self, item: int, at: datetime, pairs: Pairs) -> None:
        """The person does not like an item, unless a later opinion on it is known."""
        if self._is_news(item, at):
            self.forget(item, pairs)

    def forget(self, item: int, pairs: Pairs) -> None:
        """An item is liked no more: its pairs go."""
        if item in self.nth:
            self._pair(item, -1, pairs)
            del self._items[self.nth.pop(item)]

    def _is_news(self, item: int, at: datetime) -> bool:
        known = self.at.get(item)
        if known is not None and known > at:
            return False
        self.at[item] = at
        self.changed.add(item)
        return True

    def _pair(self, item: int, sign: int, pairs: Pairs) -> None:
        mine = self.nth[item]
        for nth in range(mine - WINDOW, mine + WINDOW + 1):
            other = self._items.get(nth, item)
            if other != item:
                pairs[item, other] += sign
                pairs[other, item] += sign
