"""Whether pages and queries take longer with more posts: `python -m benchmarks.growth`.

The same made-up posts as in `benchmarks.overview`, with every fifth hashtag one that nobody
understands, once few and once many. Timed is each page as a browser would get it, and `/metrics`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks.database import own_database
from benchmarks.lexicon import DIFFERENT_UNKNOWN, UNKNOWN
from benchmarks.overview import fill, seconds_of, signed_in
from service.database import make_sessions
from service.hourly.rollup import roll
from service.operations.tallies import fold

PAGES = (
    *("/metrics", "/readyz", "/rules", "/hashtags", "/hashtags?recent=1"),
    *("/overview", "/overview?period=7d", "/overview?period=30d"),
    "/overview?period=30d&category=cafe",
    *("/posts", "/posts?tab=flagged", "/posts?tab=passed", "/posts?tab=settled", "/quality"),
)


def main(few: int, many: int) -> None:
    """Prints a Markdown table."""
    taken = [_pages(posts) for posts in (few, many)]
    print(f"| page | {few:,} posts, ms | {many:,} posts, ms | times |")
    print("| --- | ---: | ---: | ---: |")
    for page in PAGES:
        small, large = (1000 * one[page] for one in taken)
        print(f"| `{page}` | {small:.0f} | {large:.0f} | {large / small:.1f} |")


def _pages(posts: int) -> dict[str, float]:
    """Seconds of each page with so many posts stored."""
    with _filled(posts) as (folder, url), signed_in(folder, url) as get:
        return {page: seconds_of(partial(get, page)) for page in PAGES}


@contextmanager
def _filled(posts: int) -> Iterator[tuple[Path, str]]:
    with own_database() as own:
        with own.engine.begin() as connection:
            fill(connection, posts)
            connection.execute(text(UNKNOWN), {"different": DIFFERENT_UNKNOWN})
        _bring_up_to_date(own.engine)
        with own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        yield own.folder, own.url


def _bring_up_to_date(engine: Engine) -> None:
    """What the sweep does meanwhile."""
    began, hours = time.perf_counter(), 0
    sessions = make_sessions(engine)
    while True:
        with sessions.begin() as session:
            counted = roll(session)
        hours += counted
        if not counted:
            break
    with sessions.begin() as session:
        fold(session)
    print(f"{hours} hours counted in {time.perf_counter() - began:.1f} s\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=200_000)
    arguments = parser.parse_args()
    main(arguments.few, arguments.many)
