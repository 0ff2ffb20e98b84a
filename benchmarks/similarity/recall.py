"""What the search finds and how fast: `python -m benchmarks.similarity.recall SOURCE`.

SOURCE is a folder of photographs, or a file of feature maps (``views``). Each embedding is a post's
in a real PostgreSQL. Stored posts are searched from, as the API does, with filters that match all,
a tenth and a hundredth of the posts; compared are all that match, the index, and what the service
chooses. Recall counts the ten nearest that brute force finds. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, text

from benchmarks.database import own_database
from benchmarks.lexicon import config
from benchmarks.similarity.search import IMAGES, POSTS, copy_embeddings, tidy
from benchmarks.similarity.views import Floats, views
from service.likeness import search as searching
from service.likeness.filters import Filters
from service.likeness.index import build_index
from service.likeness.search import LikenessQuery, search
from service.parts import Parts, make_parts

NEAREST = 10
EVERY = {"100 %": 1, "10 %": 10, "1 %": 100}
BOUNDS = {"all that match": 10**9, "the index": 0, "chosen": searching.EXACT_POSTS}
AS_NEAR = 1e-4  # of a cosine: photographs as near as the tenth are as right
SEED = 7
VERDICTS = """
    INSERT INTO verdicts (post_id, position, tag, normalised, verdict, model_verdict, category,
        resolved_by, confidence, reason, trace)
    SELECT n, place.position, place.name, place.name, 'relevant', 'relevant', 'cafe', 'lexicon', 1,
        '{}', '{}'
    FROM generate_series(1, :posts) AS n,
        LATERAL (VALUES (0, 'every1', 1), (1, 'every10', 10), (2, 'every100', 100))
            AS place (position, name, nth)
    WHERE n % place.nth = 0
"""


def main() -> None:
    """Measures each number of posts in a database of its own, and prints a row for each way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.recall")
    parser.add_argument("source", type=Path)
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--photographs", type=int, default=1500, help="of a folder, at most")
    parser.add_argument("--asked", type=int, default=100, help="searches of each kind")
    chosen = parser.parse_args()
    print("| embeddings | filter matches | compared | recall@10 | p50, ms | p95, ms |")
    print("| ---: | ---: | --- | ---: | ---: | ---: |")
    for posts in chosen.posts:
        vectors = views(chosen.source, posts, chosen.photographs)
        rng = np.random.default_rng(SEED)
        stored = rng.permutation(vectors).astype(np.float32)
        stored /= np.linalg.norm(stored, axis=1, keepdims=True)
        with own_database() as own:
            parts = make_parts(config(own.folder, own.url))
            measure(own.engine, parts, stored, chosen.asked)
            parts.close()


def measure(engine: Engine, parts: Parts, stored: Floats, asked: int) -> None:
    """Fill the database, build the index, and search each way."""
    made_by = parts.screener.current().bundle.embedding_id
    fill(engine, stored, made_by)
    began = time.perf_counter()
    build_index(parts, made_by)
    built = time.perf_counter() - began
    rows = np.random.default_rng(SEED).choice(len(stored), asked, replace=False)
    for share, nth in EVERY.items():
        for way, bound in BOUNDS.items():
            searching.EXACT_POSTS = bound
            filters = Filters(hashtag=f"every{nth}")
            run = _searches(parts, made_by, stored, filters)
            few = rows if bound == 0 or nth > 1 else rows[: max(asked // 10, 5)]
            report(f"{len(stored):,}", share, way, few, stored, nth, run)
        if nth == 1:
            run = _searches(parts, made_by, stored, Filters())
            report(f"{len(stored):,}", "no filter", "the index", rows, stored, 1, run)
    print(f"<!-- {len(stored):,}: index built in {built:.0f} s -->", flush=True)


def fill(engine: Engine, stored: Floats, made_by: str) -> None:
    """A post with one photograph for each embedding, and its hashtags."""
    with engine.begin() as connection:
        connection.execute(text(POSTS), {"posts": len(stored)})
        connection.execute(text(IMAGES), {"posts": len(stored)})
        connection.execute(text(VERDICTS), {"posts": len(stored)})
        copy_embeddings(connection, stored, made_by)
    tidy(engine)


Run = Callable[[int], list[int]]


def _searches(parts: Parts, made_by: str, stored: Floats, filters: Filters) -> Run:
    def run(row: int) -> list[int]:
        asked = LikenessQuery(stored[row : row + 1], made_by, NEAREST, 0, filters, f"p-{row + 1}")
        with parts.sessions() as session:
            return [one.row - 1 for one in search(session, asked).posts]

    return run


def report(
    posts: str, share: str, way: str, rows: NDArray[np.int64], stored: Floats, nth: int, run: Run
) -> None:
    """One row of the table."""
    matching = np.arange(nth - 1, len(stored), nth)
    run(int(rows[0]))  # so that what is read first lies in memory
    recalls, took = [], []
    for row in rows.tolist():
        began = time.perf_counter()
        found = run(row)
        took.append(1000 * (time.perf_counter() - began))
        cosines = (stored @ stored[row])[matching]  # the other way round copies all of them
        cosines[matching == row] = -1
        tenth = np.partition(cosines, -NEAREST)[-NEAREST]
        near = stored[found] @ stored[row] >= tenth - AS_NEAR
        recalls.append(near.sum() / NEAREST)
    middle, high = np.quantile(took, (0.5, 0.95))
    print(
        f"| {posts} | {share} | {way} | {np.mean(recalls):.3f} | {middle:.0f} | {high:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
