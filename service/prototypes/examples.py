"""Posts as examples for a hashtag and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.tables import Embedding, Image, Post, Verdict
from similarity.duplicates import Floats

LEAST, MOST = 10, 100  # of each side


class ExamplesError(Exception):
    """Posts cannot be examples. ``rule`` is unknown, unseen, both_sides, too_few or too_many;
    ``names`` are the posts."""

    def __init__(self, rule: str, names: Sequence[str] = ()) -> None:
        super().__init__(rule)
        self.rule = rule
        self.names = tuple(names)


@dataclass(frozen=True)
class Examples:
    """Posts by their first photographs: their ``rows``; ``embeddings``, float32 [n, dimension],
    made by one network; the ``authors``; and which are for the hashtag."""

    rows: Sequence[int]
    embeddings: Floats
    authors: Sequence[str]
    positive: Sequence[bool]


def examples(
    session: Session, made_by: str, names_for: Sequence[str], names_against: Sequence[str]
) -> Examples:
    """The posts of these names, the newest decided revision of each.

    Raises:
        ExamplesError: one is not known or decided, none of its photographs was seen by the
            network, it stands on both sides, or there are too few or too many.
    """
    sides = [list(dict.fromkeys(names)) for names in (names_for, names_against)]
    if both := sorted(set(sides[0]) & set(sides[1])):
        raise ExamplesError("both_sides", both)
    if min(map(len, sides)) < LEAST:
        raise ExamplesError("too_few")
    if max(map(len, sides)) > MOST:
        raise ExamplesError("too_many")
    names = [*sides[0], *sides[1]]
    query = select(Post.external_id, Post.id, Post.author_id)
    query = query.where(Post.external_id.in_(names), Post.state == "decided")
    known = {name: (row, author) for name, row, author in session.execute(query)}
    if missing := [name for name in names if name not in known]:
        raise ExamplesError("unknown", missing)
    there = _first(made_by).where(Post.external_id.in_(names), Post.state == "decided")
    seen = dict(session.execute(there).all())
    if unseen := [name for name in names if name not in seen]:
        raise ExamplesError("unseen", unseen)
    return Examples(
        [known[name][0] for name in names],
        np.array([seen[name] for name in names], np.float32),
        [known[name][1] for name in names],
        [number < len(sides[0]) for number in range(len(names))],
    )


def settled(session: Session, normalised: str, made_by: str) -> tuple[list[str], list[str]]:
    """The newest posts that people settled with a hashtag as relevant, and as irrelevant."""
    sides = []
    for verdict in ("relevant", "irrelevant"):
        query = (
            select(Post.external_id)
            .join(Verdict, Verdict.post_id == Post.id)
            .join(Image, Image.post_id == Post.id)
            .join(Embedding, Embedding.image_id == Image.id)
            .where(Verdict.normalised == normalised, Verdict.verdict == verdict)
            .where(Post.state == "decided", Post.decided_by != "model")
            .where(Image.position == 0, Embedding.made_by == made_by)
            .order_by(Post.id.desc())
            .limit(MOST)
        )
        sides.append(list(dict.fromkeys(session.scalars(query))))
    return sides[0], sides[1]


def newest_with(session: Session, normalised: str, made_by: str, most: int) -> Floats:
    """The first photographs of the newest posts with a hashtag; float32 [n, dimension]."""
    query = (
        _first(made_by)
        .join(Verdict, Verdict.post_id == Post.id)
        .where(Verdict.normalised == normalised, Post.state == "decided")
        .order_by(Post.id.desc())
        .limit(most)
    )
    return np.array([vector for _, vector in session.execute(query)], np.float32)


def _first(made_by: str) -> Select[str, object]:
    return (
        select(Post.external_id, Embedding.vector)
        .join(Image, Image.post_id == Post.id)
        .join(Embedding, Embedding.image_id == Image.id)
        .where(Image.position == 0, Embedding.made_by == made_by)
    )
