"""A limit on the bytes of request bodies that a process holds at once."""

from __future__ import annotations

from collections import Counter


class Budget:
    """Bytes lent to requests, in all and to one address at most. One thread uses it."""

    def __init__(self, most_bytes: int, most_for_one: int) -> None:
        self.lent = 0
        self._most = most_bytes
        self._most_for_one = most_for_one
        self._by_address: Counter[str] = Counter()

    def lend(self, address: str, count: int) -> bool:
        """Lend bytes to an address; False, and nothing is lent, where there are none left."""
        if self.lent + count > self._most:
            return False
        if self._by_address[address] + count > self._most_for_one:
            return False
        self.lent += count
        self._by_address[address] += count
        return True

    def take_back(self, address: str, count: int) -> None:
        """Take back what was lent."""
        self.lent -= count
        self._by_address[address] -= count
        if not self._by_address[address]:
            del self._by_address[address]
