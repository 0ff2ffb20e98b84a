"""Which callback of one post goes out next, and which are never sent any more."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

DECIDED = "post.decided"


@dataclass(frozen=True)
class Owed:
    """A callback that waits. ``due``: its time has come."""

    id: uuid.UUID
    sequence: int
    type: str
    due: bool

    @property
    def replaceable(self) -> bool:
        """Whether a newer callback about the post tells all that this one does. How an appeal
        ended is told by that appeal's callback alone."""
        return self.type == DECIDED


@dataclass(frozen=True)
class Choice:
    """What to do with the callbacks of one post.

    ``late`` are not sent any more, ``target`` goes out now, and ``overtakes`` those. ``behind`` is
    due, but has to wait until ``first`` went out.
    """

    late: Sequence[Owed] = ()
    target: Owed | None = None
    overtakes: Sequence[Owed] = ()
    behind: Owed | None = None
    first: Owed | None = None


def choose(waiting: Sequence[Owed], sent: int) -> Choice:
    """Choose among the callbacks of one post, none of which is being sent at this moment.

    The newest that is due goes out and overtakes those before it, since the platform would take an
    older decision that comes later for what holds. What is not due yet, because it can still be
    undone, overtakes nothing. How an appeal ended is never overtaken, so what comes after it waits
    for it.

    Args:
        waiting: pending callbacks, by their sequence.
        sent: the greatest sequence of those that were tried before, 0 for none: the platform may
            have it, whatever became of it.
    """
    late = [owed for owed in waiting if owed.sequence < sent and owed.replaceable]
    rest = [owed for owed in waiting if owed not in late]
    due = [owed for owed in rest if owed.due]
    if not due:
        return Choice(late)
    kept = [owed for owed in rest if owed.sequence < due[-1].sequence and not owed.replaceable]
    target = kept[0] if kept else due[-1]
    if not target.due:
        return Choice(late, behind=due[-1], first=target)
    before = [owed for owed in rest if owed.sequence < target.sequence]
    return Choice(late, target, before)
