"""How fast near-duplicates are found: `python -m benchmarks.similarity.search SOURCE`.

SOURCE is a folder of photographs, or a file of feature maps (``views``). Each view is a post's, in
a real PostgreSQL. Timed is the search as the console asks for it: without an index, which reads
every embedding, and with it; how long it takes to build, and what it adds to storing an embedding.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from sqlalchemy import Connection, Engine, text

from benchmarks.database import own_database
from benchmarks.lexicon import config
from benchmarks.similarity.views import Halves, views
from service.likeness.index import build_index, index_name
from service.parts import Parts, make_parts
from service.similar.neighbours import neighbours
from service.tables import Post

SEED = 7
ASKED = 20
STORED = 200
POSTS = """
    INSERT INTO posts (id, external_id, revision, author_id, caption, hashtags, posted_at, reach,
        state, attempts, decision, decided_by, received_at) OVERRIDING SYSTEM VALUE
    SELECT n, 'p-' || n, 1, 'u-' || mod(n, 5000), '', '{}', now(), 0, 'decided', 1, 'flag', 'model',
        now() - n * interval '20 seconds'
    FROM generate_series(1, :posts) AS n
"""
IMAGES = """
    INSERT INTO images (id, post_id, position) OVERRIDING SYSTEM VALUE
    SELECT n, n, 0 FROM generate_series(1, :posts) AS n
"""
AGAIN = (
    "INSERT INTO embeddings SELECT image_id, :made_by, vector FROM embeddings WHERE made_by = :of"
)


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.search")
    parser.add_argument("source", type=Path)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--photographs", type=int, default=1500, help="of a folder, at most")
    chosen = parser.parse_args()
    found = views(chosen.source, chosen.posts, chosen.photographs)
    stored = np.random.default_rng(SEED).permutation(found)
    with own_database() as own:
        parts = make_parts(config(own.folder, own.url))
        bundle = parts.screener.current().bundle
        fill(own.engine, stored, bundle.embedding_id)
        measure(own.engine, parts, len(stored))
        parts.close()


def copy_embeddings(connection: Connection, stored: Iterable[Any], made_by: str) -> None:
    """Store an embedding for each photograph, those of rows 1, 2, …"""
    driver: Any = connection.connection.driver_connection
    register_vector(driver)
    copy = "COPY embeddings (image_id, made_by, vector) FROM STDIN (FORMAT BINARY)"
    with driver.cursor().copy(copy) as rows:
        rows.set_types(("int8", "text", "halfvec"))
        for number, vector in enumerate(stored, 1):
            rows.write_row((number, made_by, HalfVector(vector)))


def fill(engine: Engine, stored: Halves, made_by: str) -> None:
    """A post with one photograph for each embedding."""
    with engine.begin() as connection:
        connection.execute(text(POSTS), {"posts": len(stored)})
        connection.execute(text(IMAGES), {"posts": len(stored)})
        copy_embeddings(connection, stored, made_by)
    tidy(engine)


def measure(engine: Engine, parts: Parts, posts: int) -> None:
    """Time everything, the search before and after the index is built."""
    made_by = parts.screener.current().bundle.embedding_id
    asked = np.linspace(1, posts, ASKED).astype(int).tolist()
    print(f"| {posts:,} embeddings | |\n| --- | ---: |")
    print(f"| without an index, ms a search | {1000 * _middle(parts, asked[:5]):.0f} |")
    plain = _store(engine, "another", made_by)
    began = time.perf_counter()
    build_index(parts, made_by)
    print(f"| building the index, s | {time.perf_counter() - began:.0f} |")
    with engine.connect() as connection:
        print(f"| its size, MB | {_megabytes(connection, index_name(made_by)):.0f} |")
        print(f"| the embeddings' own, MB | {_megabytes(connection, 'embeddings'):.0f} |")
    _middle(parts, asked[:5])  # so that it lies in memory
    print(f"| with it, ms a search | {1000 * _middle(parts, asked):.0f} |")
    print(f"| storing an embedding, ms | {1000 * plain:.1f} |")
    print(f"| with the index, ms | {1000 * _store_again(engine, made_by):.1f} |")


def _middle(parts: Parts, asked: Sequence[int]) -> float:
    """The median of the searches' seconds."""
    made_by = parts.screener.current().bundle.embedding_id
    took = []
    for row in asked:
        with parts.sessions() as session:
            post = session.get_one(Post, row)
            began = time.perf_counter()
            neighbours(session, post, made_by, limit=12)
            took.append(time.perf_counter() - began)
    return sorted(took)[len(took) // 2]


def _store(engine: Engine, made_by: str, of: str) -> float:
    """Seconds an embedding that is stored under another network's name."""
    with engine.begin() as connection:
        began = time.perf_counter()
        connection.execute(
            text(f"{AGAIN} AND image_id <= :many"),
            {"made_by": made_by, "of": of, "many": STORED},
        )
        return (time.perf_counter() - began) / STORED


def _store_again(engine: Engine, made_by: str) -> float:
    """Seconds an embedding that is taken out of the index and stored once more."""
    with engine.begin() as connection:
        gone = text("DELETE FROM embeddings WHERE made_by = :made_by AND image_id <= :many")
        connection.execute(gone, {"made_by": made_by, "many": STORED})
    return _store(engine, made_by, "another")


def _megabytes(connection: Connection, name: str) -> float:
    size: Any = connection.scalar(
        text(
            "SELECT pg_relation_size(c.oid) + coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)"
            "), 0) FROM pg_class AS c WHERE c.oid = to_regclass(:name)"
        ),
        {"name": name},
    )
    return float(size) / 2**20


def tidy(engine: Engine) -> None:
    """Let PostgreSQL know what its tables hold."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


if __name__ == "__main__":
    main()
