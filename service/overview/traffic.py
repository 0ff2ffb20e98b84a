"""Posts by what the model decided of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.steps import Step, by_step

DECISIONS = ("pass", "review", "flag")


def posts_by_decision(session: Session, scope: Scope) -> Sequence[Step]:
    """Decided posts by the step in which they were received and the model's decision.

    What a person answered since changes nothing here.
    """
    return by_step(session, scope, "posts")
