from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.likeness.scan import PROBED
from service.parts import Parts
from service.similar.neighbours import Neighbour, neighbours
from service.tables import Embedding, Post
from tests.service.similar.rows import add_seen

NEAR, FAR = 10, 40  # degrees: cosines .98 and .77


def _of(parts: Parts, row: int, limit: int = 12) -> list[Neighbour]:
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions() as session:
        return neighbours(session, session.get_one(Post, row), made_by, limit)


def _names(found: list[Neighbour]) -> list[str]:
    return [one.post.external_id for one in found]


def test_near_duplicates_come_with_the_likest_first(parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "irrelevant"})
    for name, degrees in (("p-near", NEAR), ("p-nearer", 1), ("p-far", FAR)):
        add_seen(parts, name, {"카페": "irrelevant"}, (degrees,))
    found = _of(parts, row)
    assert _names(found) == ["p-nearer", "p-near"]
    assert [one.likeness.same for one in found] == [True, True]


def test_the_limit_leaves_the_least_alike_out(parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "irrelevant"})
    for degrees in (0, 5, 10, 15):
        add_seen(parts, f"p-{degrees}-degrees", {"카페": "irrelevant"}, (degrees,))
    assert _names(_of(parts, row, limit=2)) == ["p-0-degrees", "p-5-degrees"]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "superseded"},
        {"state": "deleted"},
        {"received_at": datetime.now(UTC) - timedelta(days=40)},
    ],
)
def test_what_is_gone_or_old_is_no_neighbour(parts: Parts, changes: dict[str, Any]) -> None:
    row = add_seen(parts, "p-1", {"카페": "irrelevant"})
    add_seen(parts, "p-2", {"카페": "irrelevant"}, **changes)
    assert _of(parts, row) == []


def test_embeddings_of_different_networks_never_meet(parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "irrelevant"})
    other = add_seen(parts, "p-2", {"카페": "irrelevant"}, (None,))
    with parts.sessions.begin() as session:
        image = session.get_one(Post, other).images[0]
        session.add(Embedding(image_id=image.id, made_by="another", vector=[1.0, 0.0]))
    assert _of(parts, row) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ((0, 90), (90, 0), True),
        ((0, 90), (0,), False),  # one photograph more here
        ((0,), (0, 90), False),  # one more there
        ((0,), (0, None), False),  # one there that nothing was seen in
        ((0, None), (0,), False),
    ],
)
def test_posts_are_the_same_only_where_every_photograph_is(
    parts: Parts, mine: tuple[int | None, ...], theirs: tuple[int | None, ...], same: bool
) -> None:
    row = add_seen(parts, "p-1", {"카페": "irrelevant"}, mine)
    add_seen(parts, "p-2", {"카페": "irrelevant"}, theirs)
    assert [one.likeness.same for one in _of(parts, row)] == [same]


def test_a_post_without_embeddings_has_no_neighbours(parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "irrelevant"}, (None,))
    add_seen(parts, "p-2", {"카페": "irrelevant"})
    assert _of(parts, row) == []


def test_settings_of_the_search_end_with_the_transaction(parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "irrelevant"})
    setting = text("SELECT current_setting('ivfflat.probes', true)")
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions() as session:
        neighbours(session, session.get_one(Post, row), made_by, 12)
        assert session.scalar(setting) == str(PROBED)
        session.rollback()
        assert session.scalar(setting) != str(PROBED)
