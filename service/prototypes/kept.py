"""The examples that a prototype in use was made from.

A post that is deleted or replaced is none any more (``service/posts``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from service.prototypes.examples import Examples
from service.tables import Post, Prototype, PrototypeExample


def keep_examples(
    session: Session, row: Prototype, given: Examples, there: Collection[int], who: str
) -> None:
    """Keep which posts a new prototype was made from. The rows of ``there`` are locked; others are
    gone by now, and left out."""
    values = [
        {"prototype_id": row.id, "post_id": post, "bears_out": right, "named_by": who}
        for post, right in zip(given.rows, given.positive, strict=True)
        if post in there
    ]
    if values:
        session.execute(insert(PrototypeExample), values)


def take_over(session: Session, row: Prototype, before: Prototype) -> None:
    """Whoever named an example for the prototype before, on the same side, named it for this."""
    theirs = select(PrototypeExample).where(PrototypeExample.prototype_id == before.id)
    known = {(one.post_id, one.bears_out): one for one in session.scalars(theirs)}
    mine = select(PrototypeExample).where(PrototypeExample.prototype_id == row.id)
    for one in session.scalars(mine):
        if first := known.get((one.post_id, one.bears_out)):
            one.named_by, one.named_at = first.named_by, first.named_at


def examples_of(session: Session, number: int) -> Sequence[PrototypeExample]:
    """A prototype's examples with their posts, in the order in which they were named."""
    query = (
        select(PrototypeExample)
        .join(Post, Post.id == PrototypeExample.post_id)
        .where(PrototypeExample.prototype_id == number, Post.state == "decided")
        .order_by(PrototypeExample.named_at, PrototypeExample.post_id)
        .options(selectinload(PrototypeExample.post).selectinload(Post.images))
    )
    return session.scalars(query).all()


def names_of(session: Session, number: int) -> tuple[list[str], list[str]]:
    """The platform's ids of the posts for and against it."""
    found = examples_of(session, number)
    right, wrong = ([e.post.external_id for e in found if e.bears_out is side] for side in _SIDES)
    return right, wrong


def forget_examples(session: Session, number: int) -> None:
    """A prototype is retired: nothing is learned from its examples any more."""
    theirs = delete(PrototypeExample).where(PrototypeExample.prototype_id == number)
    session.execute(theirs, execution_options={"synchronize_session": False})


_SIDES = (True, False)
