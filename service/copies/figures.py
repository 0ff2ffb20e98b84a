"""How often people agree with the verdicts that exact copies take over."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ARRAY, Text, cast, func, lateral, select, true
from sqlalchemy.orm import Session

from intervals import Share
from service.tables import CopyCheck, CopyRule, Post, Verdict

NEWEST = 1000  # checks of each category


def permissions(session: Session) -> Mapping[str, CopyRule]:
    """The categories whose copies settle themselves."""
    return {row.category: row for row in session.scalars(select(CopyRule))}


def agreement(session: Session, categories: list[str]) -> Mapping[str, Share]:
    """Of each category's newest checked copies, the share that people gave the first verdict
    again.
    """
    rows = func.unnest(cast(categories, ARRAY(Text)))
    asked = rows.table_valued("name").render_derived("asked")
    newest = lateral(
        select((Verdict.verdict == CopyCheck.expected).label("same"))
        .join(CopyCheck, CopyCheck.verdict_id == Verdict.id)
        .join(Post, Post.id == Verdict.post_id)
        .where(CopyCheck.category == asked.c.name, Post.decided_by != "model")
        .order_by(CopyCheck.verdict_id.desc())
        .limit(NEWEST)
    )
    query = (
        select(asked.c.name, func.count().filter(newest.c.same), func.count())
        .select_from(asked)
        .join(newest, true())
        .group_by(asked.c.name)
    )
    return {name: Share(hits, of) for name, hits, of in session.execute(query)}
