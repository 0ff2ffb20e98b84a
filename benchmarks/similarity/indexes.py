"""Ways of finding near embeddings, beside each other: `python -m benchmarks.similarity.indexes`.

SOURCE is a folder of photographs, or a file of feature maps (``views``). The same embeddings lie in
a real PostgreSQL and in usearch's memory, and the same ones are searched from, without filters:
comparing all, the service's index of lists, a graph of half precision, one of one bit a number
whose candidates are compared exactly, and usearch. Prints a Markdown table; ``--plot`` draws it.

With ``--copies`` each index of PostgreSQL is built without the embeddings nearest to one of them.
Then so many copies of that one are added, and after them the nearest, as screening adds them. The
nearest are searched from: what lies beside a photograph that is posted again and again.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from sqlalchemy import Connection, Engine, text

from benchmarks.database import own_database
from benchmarks.similarity.found import Found, draw, row_of
from benchmarks.similarity.views import Floats, views
from service.likeness.index import BUILT_IN, lists_for
from service.likeness.scan import PROBED

NEAREST = 10
AS_NEAR = 1e-4  # of a cosine: embeddings as near as the tenth are as right
IN_VIEW = 100  # candidates, as the service keeps
AGAIN = (200, 800)  # candidates by bits that are compared exactly
SEED = 7
TABLE = "CREATE TABLE near (id bigint PRIMARY KEY, vector halfvec({dimension}) NOT NULL)"
HALF = "CREATE INDEX near_half ON near USING hnsw (vector halfvec_cosine_ops)"
LISTS = (
    "CREATE INDEX near_lists ON near USING ivfflat (vector halfvec_cosine_ops) "
    "WITH (lists = {lists})"
)
BITS = (
    "CREATE INDEX near_bits ON near USING hnsw "
    "((binary_quantize(vector)::bit({dimension})) bit_hamming_ops)"
)
SEARCH = "SELECT id FROM near ORDER BY vector <=> %(asked)s LIMIT {nearest}"
BY_BITS = (
    "SELECT id FROM (SELECT id, vector FROM near ORDER BY "
    "binary_quantize(vector)::bit({dimension}) <~> binary_quantize(%(asked)s) LIMIT {again}) "
    "AS candidates ORDER BY vector <=> %(asked)s LIMIT {nearest}"
)

Search = Callable[[Floats], Sequence[int]]


@dataclass(frozen=True)
class Way:
    """One way of searching; ``built`` in seconds and ``size`` in bytes are its index's."""

    name: str
    search: Search
    built: float = 0.0
    size: int = 0


def main() -> None:
    """Measures each number of embeddings, and prints a row for each way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.indexes")
    parser.add_argument("source", type=Path)
    parser.add_argument("--embeddings", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--photographs", type=int, default=1500, help="of a folder, at most")
    parser.add_argument("--asked", type=int, default=200, help="searches by an index")
    parser.add_argument("--copies", type=int, default=0, help="of one embedding, added to them")
    parser.add_argument("--plot", type=Path, help="an SVG of the times")
    chosen = parser.parse_args()
    print("| embeddings | way | recall@10 | p50, ms | p95, ms | built in, s | index, MB |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    rows = []
    for count in chosen.embeddings:
        vectors = views(chosen.source, count, chosen.photographs)
        shuffled = np.random.default_rng(SEED).permutation(vectors)
        stored = shuffled.astype(np.float32)
        stored /= np.linalg.norm(stored, axis=1, keepdims=True)
        for found in measure(stored, chosen.asked, chosen.copies):
            print(row_of(found), flush=True)
            rows.append(found)
    if chosen.plot:
        draw(rows, chosen.plot)


def measure(stored: Floats, asked: int, copies: int = 0) -> Iterator[Found]:
    """Search each way from the same embeddings; comparing all is done for a tenth of them."""
    first = len(stored)  # of those that are added when an index is built
    if copies:
        far_first = np.argsort(stored @ stored[0])
        first -= asked + 1
        chosen = np.arange(first + copies, first + copies + asked)
        again = np.repeat(stored[:1], copies, axis=0)
        stored = np.concatenate([stored[far_first[:first]], again, stored[far_first[first:-1]]])
    else:
        chosen = np.random.default_rng(SEED).choice(len(stored), asked, replace=False)
    truth = {row: _tenth(stored, row) for row in chosen.tolist()}
    with own_database() as own:
        # One after the other: the next index is built when the one before was searched.
        for way in itertools.chain(_in_postgres(own.engine, stored, first), _in_memory(stored)):
            rows = chosen if way.built else chosen[: max(asked // 10, 5)]
            yield _found(way, stored, rows, truth)


def _found(
    way: Way, stored: Floats, rows: NDArray[np.int64], truth: dict[int, np.float32]
) -> Found:
    way.search(stored[rows[0]])  # so that what is read first lies in memory
    recalls, took = [], []
    for row in rows.tolist():
        began = time.perf_counter()
        found = way.search(stored[row])
        took.append(1000 * (time.perf_counter() - began))
        near = stored[list(found)] @ stored[row] >= truth[row] - AS_NEAR
        recalls.append(near.sum() / NEAREST)
    middle, high = np.quantile(took, (0.5, 0.95)).tolist()
    recall = float(np.mean(recalls))
    return Found(len(stored), way.name, recall, middle, high, way.built, way.size)


def _tenth(stored: Floats, row: int) -> np.float32:
    cosines = stored @ stored[row]
    tenth: np.float32 = np.partition(cosines, -NEAREST)[-NEAREST]
    return tenth


def _in_postgres(engine: Engine, stored: Floats, first: int) -> Iterator[Way]:
    """Fill a table; an index is dropped before the next is built, so that each is asked."""
    dimension = stored.shape[1]
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(TABLE.format(dimension=dimension)))
        _fill(connection, stored, 0)
        connection.execute(text(f"SET maintenance_work_mem = '{BUILT_IN}'"))
        exactly = SEARCH.format(nearest=NEAREST)
        yield Way("comparing all", _asking(connection, exactly))
        # Long values lie beside their table, so PostgreSQL takes reading all of it for cheap.
        connection.execute(text("SET enable_seqscan = off"))

        def built(statement: str, name: str) -> tuple[float, int]:
            return _built(connection, statement, name, stored, first)

        lists = lists_for(first)
        listed = built(LISTS.format(lists=lists), "near_lists")
        connection.execute(text(f"SET ivfflat.probes = {PROBED}"))
        name = f"IVFFlat, half precision, {min(PROBED, lists)} of {lists} lists"
        yield Way(name, _asking(connection, exactly), *listed)
        connection.execute(text("DROP INDEX near_lists"))
        half = built(HALF, "near_half")
        connection.execute(text(f"SET hnsw.ef_search = {IN_VIEW}"))
        yield Way("HNSW, half precision", _asking(connection, exactly), *half)
        connection.execute(text("DROP INDEX near_half"))
        bits = built(BITS.format(dimension=dimension), "near_bits")
        for again in AGAIN:
            connection.execute(text(f"SET hnsw.ef_search = {again}"))
            query = BY_BITS.format(dimension=dimension, nearest=NEAREST, again=again)
            name = f"HNSW, one bit a number, {again} compared again"
            yield Way(name, _asking(connection, query), *bits)


def _fill(connection: Connection, stored: Floats, first: int) -> None:
    """Adds the embeddings from the first on."""
    driver: Any = connection.connection.driver_connection
    register_vector(driver)
    with driver.cursor().copy("COPY near (id, vector) FROM STDIN (FORMAT BINARY)") as rows:
        rows.set_types(("int8", "halfvec"))
        for number, vector in enumerate(stored[first:], first):
            rows.write_row((number, HalfVector(vector)))
    connection.execute(text("VACUUM ANALYZE near"))


def _built(
    connection: Connection, statement: str, name: str, stored: Floats, first: int
) -> tuple[float, int]:
    """Seconds and bytes of an index to which the embeddings from the first on were added later."""
    if first < len(stored):
        connection.execute(text("DELETE FROM near WHERE id >= :first"), {"first": first})
        connection.execute(text("VACUUM near"))
    began = time.perf_counter()
    connection.execute(text(statement))
    took = time.perf_counter() - began
    if first < len(stored):
        _fill(connection, stored, first)
    return took, connection.scalar(text(f"SELECT pg_relation_size('{name}')")) or 0


def _asking(connection: Connection, query: str) -> Search:
    driver: Any = connection.connection.driver_connection

    def search(asked: Floats) -> Sequence[int]:
        return [row[0] for row in driver.execute(query, {"asked": HalfVector(asked)}).fetchall()]

    return search


def _in_memory(stored: Floats) -> Iterator[Way]:
    from usearch.index import Index

    index = Index(ndim=stored.shape[1], metric="cos", dtype="f16", expansion_search=IN_VIEW)
    began = time.perf_counter()
    index.add(np.arange(len(stored)), stored)
    built = time.perf_counter() - began

    def search(asked: Floats) -> Sequence[int]:
        return [int(key) for key in index.search(asked, NEAREST).keys]

    yield Way("usearch, half precision, in memory", search, built, index.serialized_length)


if __name__ == "__main__":
    main()
