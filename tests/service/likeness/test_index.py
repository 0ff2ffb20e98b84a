from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from service.likeness.index import (
    A_LIST,
    MOST_LISTS,
    build_index,
    index_name,
    is_indexed,
    lists_for,
)
from service.parts import Parts
from service.similar.neighbours import neighbours
from service.tables import Post
from tests.service.similar.rows import add_seen

APART = 25  # degrees: what lies so far apart shows something else
_BY_INDEX = text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")


@pytest.fixture
def made_by(parts: Parts) -> Iterator[str]:
    """The live network's id; its index is gone before the test and after it."""
    network = parts.screener.current().bundle.embedding_id
    drop = text(f'DROP INDEX IF EXISTS "{index_name(network)}"')
    with parts.sessions.begin() as session:
        session.execute(drop)
    yield network
    with parts.sessions.begin() as session:
        session.execute(drop)


def _indexed(parts: Parts, made_by: str) -> bool:
    with parts.sessions() as session:
        return is_indexed(session, made_by)


def test_an_index_is_built_once(parts: Parts, made_by: str) -> None:
    assert not _indexed(parts, made_by)
    assert build_index(parts, made_by)
    assert _indexed(parts, made_by)
    assert not build_index(parts, made_by)


def test_only_the_live_network_gets_one(parts: Parts, made_by: str) -> None:
    assert not build_index(parts, "another")
    assert not _indexed(parts, "another")


def test_an_item_bundle_has_an_index_and_the_one_before_loses_its_own(parts: Parts) -> None:
    maker = parts.encoders.current().vector_id
    now, before = (index_name(name, "item_vectors") for name in (maker, "before"))
    with parts.sessions.begin() as session:
        session.execute(text(f'DROP INDEX IF EXISTS "{now}"'))
        session.execute(text(f'CREATE INDEX "{before}" ON item_vectors (item_id)'))
    assert build_index(parts, maker)
    assert not build_index(parts, maker)
    with parts.sessions.begin() as session:
        assert is_indexed(session, maker, "item_vectors")
        assert not is_indexed(session, "before", "item_vectors")
        session.execute(text(f'DROP INDEX "{now}"'))


def test_one_that_was_left_half_built_is_built_anew(parts: Parts, made_by: str) -> None:
    build_index(parts, made_by)
    with parts.sessions.begin() as session:
        session.execute(
            text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(:name)"),
            {"name": index_name(made_by)},
        )
    assert not _indexed(parts, made_by)
    assert build_index(parts, made_by)
    assert _indexed(parts, made_by)


def test_an_index_of_another_kind_serves_until_its_successor_does(
    parts: Parts, made_by: str
) -> None:
    """Earlier releases built graphs."""
    dimension = parts.screener.current().bundle.dimension
    graph = (
        f'CREATE INDEX "{index_name(made_by)}" ON embeddings USING hnsw '
        f"((vector::halfvec({dimension})) halfvec_cosine_ops) WHERE made_by = '{made_by}'"
    )
    with parts.sessions.begin() as session:
        session.execute(text(graph))
    assert _indexed(parts, made_by)
    assert build_index(parts, made_by)
    assert _options(parts, made_by) == ["lists=1"]
    assert not build_index(parts, made_by)


def test_an_index_that_is_outgrown_is_built_anew(parts: Parts, made_by: str) -> None:
    build_index(parts, made_by)
    assert not _grown(parts, made_by, 2 * A_LIST - 1)
    assert _grown(parts, made_by, 2 * A_LIST)


@pytest.mark.slow  # a race
def test_of_many_workers_one_builds_it(parts: Parts, made_by: str) -> None:
    with ThreadPoolExecutor(4) as workers:
        built = list(workers.map(lambda _: build_index(parts, made_by), range(8)))
    assert sum(built) == 1
    assert _indexed(parts, made_by)
    assert not build_index(parts, made_by)


@pytest.mark.parametrize(
    ("lists", "vectors", "anew"), [(4, 999, True), (4, 1000, False), (4, -1, False)]
)
def test_an_index_of_many_lists_is_built_anew_when_most_is_deleted(
    parts: Parts, made_by: str, lists: int, vectors: int, anew: bool
) -> None:
    """What a search reads would hold few vectors. Below zero PostgreSQL has not counted them."""
    dimension = parts.screener.current().bundle.dimension
    index = (
        f'CREATE INDEX "{index_name(made_by)}" ON embeddings USING ivfflat '
        f"((vector::halfvec({dimension})) halfvec_cosine_ops) WITH (lists = {lists}) "
        f"WHERE made_by = '{made_by}'"
    )
    with parts.sessions.begin() as session:
        session.execute(text(index))
    assert _grown(parts, made_by, vectors) is anew
    assert _options(parts, made_by) == ["lists=1" if anew else f"lists={lists}"]


@pytest.mark.parametrize("is_built", [False, True])
def test_what_a_killed_worker_left_is_cleared_away(
    parts: Parts, made_by: str, is_built: bool
) -> None:
    name = index_name(made_by)
    if is_built:
        build_index(parts, made_by)
    with parts.sessions.begin() as session:
        for left in ("_before", "_next"):
            session.execute(text(f'CREATE INDEX "{name}{left}" ON embeddings (image_id)'))
    served = _file(parts, made_by)
    assert build_index(parts, made_by)
    query = text("SELECT indexname FROM pg_indexes WHERE starts_with(indexname, :name)")
    with parts.sessions() as session:
        assert session.scalars(query, {"name": name}).all() == [name]
    assert (_file(parts, made_by) == served) is is_built
    assert not build_index(parts, made_by)


@pytest.mark.parametrize(
    ("vectors", "lists"), [(0, 1), (999, 1), (1000, 2), (100_000, 200), (9_000_000, MOST_LISTS)]
)
def test_a_list_has_some_hundred_vectors(vectors: int, lists: int) -> None:
    assert lists_for(vectors) == lists


def test_copies_of_one_photograph_hide_nothing_beside_them(parts: Parts, made_by: str) -> None:
    """In a graph, copies are linked to each other only, and what comes after them is lost."""
    build_index(parts, made_by)
    row = add_seen(parts, "p-1", {"카페": "irrelevant"})
    add_seen(parts, "copies", {"카페": "irrelevant"}, (0,) * 400, state="superseded")
    add_seen(parts, "p-2", {"카페": "irrelevant"}, (5,))
    with parts.sessions() as session:
        session.execute(_BY_INDEX)
        found = neighbours(session, session.get_one(Post, row), made_by, 12)
    assert [one.post.external_id for one in found] == ["p-2"]


@pytest.mark.slow  # a race
def test_each_finds_its_own_while_the_index_is_built_anew(parts: Parts, made_by: str) -> None:
    build_index(parts, made_by)
    built = 0
    found: dict[str, list[str]] = {}
    everywhere = range(0, 6 * APART, APART)

    def add_and_search(first: int) -> None:
        for degrees in (first, first + APART):
            row = add_seen(parts, f"p-{degrees}", {"카페": "irrelevant"}, (degrees,))
            add_seen(parts, f"p-{degrees}-again", {"카페": "irrelevant"}, (degrees + 1,))
            with parts.sessions() as session:
                session.execute(_BY_INDEX)
                near = neighbours(session, session.get_one(Post, row), made_by, 12)
                found[f"p-{degrees}"] = [one.post.external_id for one in near]

    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(add_and_search, first) for first in (0, 2 * APART, 4 * APART)]
        while not all(one.done() for one in running):
            built += _grown(parts, made_by, 2 * A_LIST)
        for one in running:
            one.result()
    assert built
    assert found == {f"p-{degrees}": [f"p-{degrees}-again"] for degrees in everywhere}


def test_neighbours_are_found_by_the_index(parts: Parts, made_by: str) -> None:
    build_index(parts, made_by)
    row = add_seen(parts, "p-1", {"카페": "irrelevant"})
    add_seen(parts, "p-2", {"카페": "irrelevant"}, (5,))
    plans: list[str] = []
    with parts.sessions() as session:
        # Two rows are read faster without any index, and PostgreSQL knows that.
        session.execute(_BY_INDEX)
        _explain(session, plans)
        found = neighbours(session, session.get_one(Post, row), made_by, 12)
    assert [one.post.external_id for one in found] == ["p-2"]
    assert any(index_name(made_by) in plan for plan in plans)


def test_an_embedding_lies_in_its_row(parts: Parts) -> None:
    """PostgreSQL moves long ones elsewhere by default, which makes comparing them slow."""
    add_seen(parts, "p-1", {"카페": "irrelevant"})
    with parts.sessions() as session:
        length, elsewhere = session.execute(
            text("SELECT pg_column_size(vector), pg_column_toast_chunk_id(vector) FROM embeddings")
        ).one()
    assert length > 2048
    assert elsewhere is None


def _options(parts: Parts, made_by: str) -> list[str] | None:
    query = text("SELECT reloptions FROM pg_class WHERE oid = to_regclass(:name)")
    with parts.sessions() as session:
        found: list[str] | None = session.scalar(query, {"name": index_name(made_by)})
    return found


def _file(parts: Parts, made_by: str) -> int | None:
    """The number of the index's file, another for each that is built."""
    with parts.sessions() as session:
        found: int | None = session.scalar(
            text("SELECT pg_relation_filenode(to_regclass(:name))"), {"name": index_name(made_by)}
        )
    return found


def _grown(parts: Parts, made_by: str, vectors: int) -> bool:
    """Whether the index is built anew when PostgreSQL counts so many vectors in it."""
    counted = text("UPDATE pg_class SET reltuples = :vectors WHERE oid = to_regclass(:name)")
    with parts.sessions.begin() as session:
        session.execute(counted, {"name": index_name(made_by), "vectors": vectors})
    return build_index(parts, made_by)


def _explain(session: Session, plans: list[str]) -> None:
    """Ask for the plan of every statement that orders by distance before it runs."""

    @event.listens_for(session.connection(), "before_cursor_execute")
    def ask(connection, cursor, statement, parameters, context, many) -> None:  # type: ignore[no-untyped-def]  # SQLAlchemy's event
        if "<=>" in statement:
            cursor.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
