"""What a vote takes, and learning what is usual: `python -m benchmarks.similarity.voting SOURCE`.

SOURCE is a folder of photographs, or a file of feature maps (``views``). Each embedding is that of
a post that passed, in a real PostgreSQL. Posts that look alike carry a hashtag that no rule covers,
and each carries another at random. Timed is a vote on stored posts, as screening asks for it, and
the daily learning: choosing hashtags and posts, and the searches from these. Prints a Markdown
table.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from sqlalchemy import Engine, text

from benchmarks.database import own_database
from benchmarks.lexicon import config
from benchmarks.similarity.search import IMAGES, POSTS, copy_embeddings, tidy
from benchmarks.similarity.views import Halves, views
from service.likeness.index import build_index
from service.parts import Parts, make_parts
from service.votes import learn
from service.votes.learn import learn_votes
from service.votes.voters import Voter, voters

HASHTAGS = 300
ASKED = 100
SEED = 7
CHUNK = 5000
VERDICT = """
    INSERT INTO verdicts (post_id, position, tag, normalised, verdict, model_verdict, resolved_by,
        confidence, reason, trace)
    SELECT n, :position, '쀍' || mine.tag, '쀍' || mine.tag, 'unverifiable', 'unverifiable', 'none',
        0, '{}', '{}'
    FROM unnest(CAST(:tags AS int[])) WITH ORDINALITY AS mine (tag, n)
"""


def main() -> None:
    """Measures each number of posts in a database of its own, and prints a row for it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.voting")
    parser.add_argument("source", type=Path)
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000, 200_000])
    parser.add_argument("--photographs", type=int, default=1500, help="of a folder, at most")
    parser.add_argument(
        "--searches", type=int, default=learn.MOST_SEARCHES, help="while learning, about, at most"
    )
    chosen = parser.parse_args()
    learn.MOST_SEARCHES = chosen.searches
    print("| posts | a vote, p50, ms | p95, ms | neighbours", end="")
    print(" | choosing what is learned, s | searches | a search, ms | hashtags learned |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for posts in chosen.posts:
        vectors = views(chosen.source, posts, chosen.photographs)
        stored = np.random.default_rng(SEED).permutation(vectors)
        del vectors
        with own_database() as own:
            parts = make_parts(config(own.folder, own.url))
            made_by = parts.screener.current().bundle.embedding_id
            _fill(own.engine, stored, made_by)
            build_index(parts, made_by)
            print(_row(parts, stored, made_by), flush=True)
            parts.close()


def _fill(engine: Engine, stored: Halves, made_by: str) -> None:
    rng = np.random.default_rng(SEED)
    alike = _nearest(stored, stored[rng.choice(len(stored), HASHTAGS, replace=False)])
    with engine.begin() as connection:
        connection.execute(text(POSTS.replace("'flag'", "'pass'")), {"posts": len(stored)})
        connection.execute(text(IMAGES), {"posts": len(stored)})
        for position, tags in enumerate((alike, rng.integers(0, HASHTAGS, len(stored)))):
            connection.execute(text(VERDICT), {"position": position, "tags": tags.tolist()})
        copy_embeddings(connection, stored, made_by)
    tidy(engine)


def _nearest(stored: Halves, centres: Halves) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The centre that each embedding is nearest to."""
    wide = centres.astype(np.float32).T
    starts = range(0, len(stored), CHUNK)
    chunks = [(stored[at : at + CHUNK].astype(np.float32) @ wide).argmax(axis=1) for at in starts]
    return np.concatenate(chunks)


def _row(parts: Parts, stored: Halves, made_by: str) -> str:
    most, took, found = parts.config.vote_neighbours, [], []
    for row in np.random.default_rng(SEED).choice(len(stored), ASKED, replace=False).tolist():
        mine = stored[row : row + 1].astype(np.float32)
        with parts.sessions() as session:
            began = time.perf_counter()
            near = voters(session, mine, made_by, f"p-{row + 1}", f"u-{(row + 1) % 5000}", most)
            took.append(1000 * (time.perf_counter() - began))
        found.append(len(near))
    middle, high = np.quantile(took, (0.5, 0.95))
    searches: list[float] = []
    search = learn._voters

    def timed(*asked: Any) -> Sequence[Voter]:
        at = time.perf_counter()
        near = search(*asked)
        searches.append(time.perf_counter() - at)
        return near

    with patch.object(learn, "_voters", timed):
        began = time.perf_counter()
        learned = learn_votes(parts)
        chosen = time.perf_counter() - began - sum(searches)
    return (
        f"| {len(stored):,} | {middle:.0f} | {high:.0f} | {np.mean(found):.0f} | {chosen:.1f} "
        f"| {len(searches):,} | {1000 * np.mean(searches):.0f} | {learned} |"
    )


if __name__ == "__main__":
    main()
