"""Posts by what the model decided of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.steps import Step, by_step
from service.tables import Post, Verdict

DECISIONS = ("pass", "review", "flag")


def posts_by_decision(session: Session, scope: Scope) -> Sequence[Step]:
    """Decided posts by the step in which they were received and the model's decision."""
    return by_step(session, scope, Post.received_at, model_decision(), scope.posts())


def model_decision() -> ColumnElement[str]:
    """What the model decided, whatever a person answered since.

    Until a person answers it is the decision that holds; afterwards it follows from the model's
    verdicts, which are kept.
    """
    said = (
        select(
            case(
                (func.bool_or(Verdict.model_verdict == "irrelevant"), "flag"),
                (func.bool_or(Verdict.model_verdict == "uncertain"), "review"),
                else_="pass",
            )
        )
        .where(Verdict.post_id == Post.id)
        .scalar_subquery()
    )
    return case((Post.decided_by == "model", Post.decision), else_=said)
