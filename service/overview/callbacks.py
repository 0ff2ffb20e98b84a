"""Count callbacks by time and state."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.steps import Step, by_step

STATES = ("delivered", "pending", "dead", "withdrawn", "overtaken")


def callbacks_by_state(session: Session, scope: Scope) -> Sequence[Step]:
    """Callbacks by the step in which they were owed and the state they are in now."""
    return by_step(session, scope, "callbacks")
