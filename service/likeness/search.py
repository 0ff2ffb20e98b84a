"""The stored posts that look most like some photographs, page by page, the likest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, Select, cast, func, literal, select, tuple_
from sqlalchemy.orm import Session

from service.likeness import place as places
from service.likeness.filters import EVERYTHING, Filters, count_matching
from service.likeness.place import Place
from service.likeness.scan import PROBED, probe
from service.tables import Embedding, Image, Post
from similarity import NEAR
from similarity.duplicates import Floats

EXACT_POSTS = 5000  # compared one by one where no more match: see docs/similarity.md
LEAST_WIDTH = 100  # embeddings that are read at once
FILTERED_WIDER = 2  # times the lists, where the index finds much that does not match
DECIMALS = 4  # of a likeness that is told; stored embeddings have half precision


@dataclass(frozen=True)
class LikenessQuery:
    """What is searched for.

    ``embeddings`` are the photographs' embeddings, [photographs, dimension], made by ``made_by``. A
    post is as like as its likest photograph. ``least`` is the smallest cosine that counts.
    ``other_than`` is a post that is not found itself, by the platform's id.
    """

    embeddings: Floats
    made_by: str
    limit: int
    least: float = 0.0
    filters: Filters = EVERYTHING
    other_than: str | None = None
    cursor: str | None = None


@dataclass(frozen=True)
class Similar:
    """One post. ``likeness`` is a cosine; ``same``: near enough to be the same picture, changed."""

    row: int
    id: str
    revision: int
    likeness: float
    same: bool


@dataclass(frozen=True)
class SimilarPage:
    """Some posts, the likest first, and the cursor of the next page, if there is one."""

    posts: Sequence[Similar]
    next_cursor: str | None


def search(session: Session, asked: LikenessQuery) -> SimilarPage:
    """One page of decided posts.

    If the filters match few posts, all of those are compared. Otherwise all that lies in the
    nearest lists of the index is: distant posts may be missing from a page. A page begins after a
    cursor, so posts that arrive or go shift nothing.

    Raises:
        CursorError: the cursor cannot be read.
    """
    after = places.read(asked.cursor) if asked.cursor is not None else None
    exact = not asked.filters.is_empty and _are_few(session, asked.filters)
    if not exact:
        probe(session, PROBED * (1 if asked.filters.is_empty else FILTERED_WIDER))
    candidates: set[int] = set()
    known_to: Place | None = None  # what is nearer than this was all looked at; None: everything
    for distance in _distances(asked):
        rows = session.execute(_nearest(asked, distance, after, exact)).all()
        candidates.update(row for row, _ in rows)
        if len(rows) == _width(asked):
            reached = max(Place(far, row) for row, far in rows)
            known_to = min(known_to, reached) if known_to is not None else reached
    found = _whole(session, asked, candidates)
    beyond = [(at, one) for at, one in found if after is None or at > after]
    certain = [(at, one) for at, one in beyond if known_to is None or at <= known_to]
    page = certain[: asked.limit]
    ends_at = page[-1][0] if len(certain) > asked.limit else known_to
    if ends_at is None or 1 - ends_at.distance < asked.least:
        return SimilarPage([one for _, one in page], None)
    return SimilarPage([one for _, one in page], places.write(ends_at))


def _are_few(session: Session, filters: Filters) -> bool:
    return count_matching(session, filters, EXACT_POSTS + 1) <= EXACT_POSTS


def _width(asked: LikenessQuery) -> int:
    """How many embeddings are read for each photograph; a post may have several."""
    return max(LEAST_WIDTH, 2 * asked.limit)


def _distances(asked: LikenessQuery) -> list[ColumnElement[float]]:
    """How far a stored embedding is from each photograph, as the index's expression has it."""
    form = HALFVEC(asked.embeddings.shape[1])
    stored = cast(Embedding.vector, form)
    return [stored.cosine_distance(cast(literal(one, form), form)) for one in asked.embeddings]


def _nearest(
    asked: LikenessQuery, distance: ColumnElement[float], after: Place | None, exact: bool
) -> Select[int, float]:
    """Rows of posts with the distances of their photographs, the nearest first."""
    matching = select(Post.id, distance.label("distance")).select_from(Embedding)
    matching = matching.join(Image, Image.id == Embedding.image_id)
    matching = matching.join(Post, Post.id == Image.post_id).where(*_conditions(asked))
    if exact:
        # Materialised, so that every distance is computed and the index is not asked.
        compared = matching.cte("compared").prefix_with("MATERIALIZED")
        return _behind(select(compared.c.id, compared.c.distance), asked, after, *compared.c)
    return _behind(matching, asked, after, Post.id.expression, distance)


def _behind(
    query: Select[int, float],
    asked: LikenessQuery,
    after: Place | None,
    row: ColumnElement[int],
    distance: ColumnElement[float],
) -> Select[int, float]:
    if after is not None:
        query = query.where(tuple_(distance, row) > (after.distance, after.row))
    return query.order_by(distance, row).limit(_width(asked))


def _whole(session: Session, asked: LikenessQuery, rows: set[int]) -> list[tuple[Place, Similar]]:
    """Posts with the best of all their photographs, in order. Read last, so that posts deleted
    meanwhile are missing.
    """
    distances = _distances(asked)
    closest = func.min(func.least(*distances) if len(distances) > 1 else distances[0])
    query = (
        select(Post.id, Post.external_id, Post.revision, closest)
        .select_from(Post)
        .join(Image, Image.post_id == Post.id)
        .join(Embedding, Embedding.image_id == Image.id)
        .where(Post.id.in_(rows), *_conditions(asked))
        .group_by(Post.id)
    )
    found = []
    for row, name, revision, distance in session.execute(query):
        likeness = 1 - distance
        if likeness >= asked.least:
            shown = round(min(likeness, 1.0), DECIMALS)
            similar = Similar(row, name, revision, shown, likeness >= NEAR)
            found.append((Place(distance, row), similar))
    return sorted(found, key=lambda one: one[0])


def _conditions(asked: LikenessQuery) -> list[ColumnElement[bool]]:
    # The index is that of one network, which so stands in the statement itself.
    network = Embedding.made_by == literal(asked.made_by, literal_execute=True)
    others = [Post.external_id != asked.other_than] if asked.other_than is not None else []
    return [network, *others, *asked.filters.conditions()]
