"""Authors whose photographs look like an author's: who is found, and what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from service.likeness.index import build_index, index_name
from service.parts import Parts
from service.similar.channels import (
    MINE,
    MOST,
    PAIRS,
    THEIRS,
    Channel,
    NotIndexedError,
    is_known,
    similar_channels,
)
from tests.service.similar.rows import add_seen

Find = Callable[..., list[Channel] | None]


@pytest.fixture
def made_by(parts: Parts) -> str:
    return parts.screener.current().bundle.embedding_id


@pytest.fixture
def index(parts: Parts, made_by: str) -> Iterator[None]:
    build_index(parts, made_by)
    yield
    with parts.sessions.begin() as session:
        session.execute(text(f'DROP INDEX IF EXISTS "{index_name(made_by)}"'))


@pytest.fixture
def find(parts: Parts, made_by: str, index: None) -> Find:
    def make(author: str = "u-1", limit: int = MOST) -> list[Channel] | None:
        with parts.sessions() as session:
            return similar_channels(session, author, made_by, limit)

    return make


def add(parts: Parts, author: str, name: str, *angles: float | None, **changes: Any) -> None:
    add_seen(parts, name, {"카페": "relevant"}, angles, author_id=author, **changes)


def cosine(*degrees: float) -> float:
    return float(np.cos(np.radians(degrees)).mean())


def test_others_come_by_the_mean_of_all_pairs_with_the_likest_pairs(
    parts: Parts, find: Find
) -> None:
    add(parts, "u-1", "p-1", 0, 20)
    add(parts, "u-far", "p-far", 50, 21)
    add(parts, "u-near", "p-near", 10)
    near, far = find() or []
    assert (near.id, near.photographs) == ("u-near", 1)
    assert near.mean == pytest.approx(cosine(10, 10), abs=1e-3)
    assert (far.id, far.photographs) == ("u-far", 2)
    assert far.mean == pytest.approx(cosine(50, 21, 30, 1), abs=1e-3)
    assert far.best == pytest.approx(cosine(1), abs=1e-3)
    told = [(one.mine.index, one.theirs.post, one.theirs.index) for one in far.pairs]
    assert told == [(1, "p-far", 1), (0, "p-far", 0)]
    assert [one.id for one in find(limit=1) or []] == ["u-near"]


def test_neither_the_author_nor_what_is_gone_is_found(parts: Parts, find: Find) -> None:
    add(parts, "u-1", "p-1", 0)
    add(parts, "u-1", "p-2", 1)
    add(parts, "u-gone", "p-gone", 0, state="deleted")
    add(parts, "u-replaced", "p-replaced", 0, state="superseded")
    add(parts, "u-waits", "p-waits", 0, state="pending", decision=None, decided_by=None)
    add(parts, "u-2", "p-3", 90)
    assert [one.id for one in find() or []] == ["u-2"]


def test_the_newest_photographs_are_compared_up_to_a_bound(parts: Parts, find: Find) -> None:
    add(parts, "u-1", "p-old", 90)
    for number in range(0, MINE, 8):
        add(parts, "u-1", f"p-{number}", *[0.0] * 8)
    add(parts, "u-2", "q-old", 90)
    for number in range(0, THEIRS, 10):
        add(parts, "u-2", f"q-{number}", *[0.0] * 10)
    (other,) = find() or []
    assert (other.mean, other.photographs, len(other.pairs)) == (1.0, THEIRS, PAIRS)


def test_no_more_authors_are_compared_than_the_bound(parts: Parts, find: Find) -> None:
    add(parts, "u-1", "p-1", 0)
    for number in range(MOST + 3):
        add(parts, f"u-other-{number:02}", f"q-{number}", number)
    assert [one.id for one in find() or []] == [f"u-other-{n:02}" for n in range(MOST)]


def test_an_author_without_a_photograph_that_was_seen_has_nothing_to_compare(
    parts: Parts, find: Find
) -> None:
    add(parts, "u-1", "p-1", None)
    assert find() is None
    assert find("nobody") is None


def test_authors_are_known_by_posts_that_are_there(parts: Parts) -> None:
    add(parts, "u-1", "p-1", None)
    add(parts, "u-gone", "p-gone", 0, state="deleted")
    with parts.sessions() as session:
        assert is_known(session, "u-1")
        assert not is_known(session, "u-gone")
        assert not is_known(session, "nobody")


def test_without_an_index_nothing_is_read(parts: Parts, made_by: str) -> None:
    add(parts, "u-1", "p-1", 0)
    with parts.sessions() as session, pytest.raises(NotIndexedError):
        similar_channels(session, "u-1", made_by, 10)
