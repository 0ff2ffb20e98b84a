"""The keyboard shortcuts of the review pages: actions, their default keys, and the keys they may
have.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass

# Digits show photographs, Enter saves and the arrows move: these three are the same for everybody.
ACTIONS: Mapping[str, str] = {
    "relevant": "r",
    "irrelevant": "i",
    "unverifiable": "u",
    "save": "s",
    "agree": "a",
    "skip": "n",
    "remark": "m",
    "handover": "h",
    "undo": "z",
    "together": "t",
    "similar": "l",
    "where": "w",
    "closer": "f",
    "bears": "b",
    "unfold": "o",
    "reveal": "v",
    "earlier": "[",
    "later": "]",
    "pick": "x",
    "down": "j",
    "up": "k",
}
ALLOWED = frozenset(string.ascii_lowercase + ",.;'[]-=")


@dataclass
class KeyProblem(Exception):  # noqa: N818  # a person chose badly; nothing failed
    """A choice of keys cannot be used: ``action`` wants a key that ``other`` has.

    Where ``other`` is None, the key is none that can be chosen.
    """

    action: str
    key: str
    other: str | None = None


def with_defaults(changed: Mapping[str, str]) -> dict[str, str]:
    """The key of every action: the one chosen (empty: none), else the one it comes with.

    An action that was added after somebody had chosen its key for another one has none.
    """
    taken = set(changed.values())
    return {
        action: changed.get(action, "" if key in taken else key) for action, key in ACTIONS.items()
    }


def check(keys: Mapping[str, str]) -> None:
    """Check that every key may be chosen, and that no two actions share one.

    Raises:
        KeyProblem: the first that cannot.
    """
    owners: dict[str, str] = {}
    for action, key in keys.items():
        if not key:
            continue
        if key not in ALLOWED:
            raise KeyProblem(action, key)
        if key in owners:
            raise KeyProblem(action, key, owners[key])
        owners[key] = action
