"""Kleene's strong three-valued logic: True, False, and None for unknown.

Kleene, S. C. (1952), Introduction to Metamathematics, section 64.
"""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def negation(value: Truth) -> Truth:
    """What is unknown stays unknown."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """False if any is false, else unknown if any is unknown. True for no values."""
    known = list(values)
    if False in known:
        return False
    return None if None in known else True


def disjunction(values: Iterable[Truth]) -> Truth:
    """True if any is true, else unknown if any is unknown. False for no values."""
    known = list(values)
    if True in known:
        return True
    return None if None in known else False


def at_least(count: int, values: Iterable[Truth]) -> Truth:
    """Whether at least this many values are true; None if that is unknown."""
    known = list(values)
    if known.count(True) >= count:
        return True
    return False if known.count(True) + known.count(None) < count else None
