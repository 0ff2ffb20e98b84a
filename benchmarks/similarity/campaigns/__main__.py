"""Campaigns among honest posts: `python -m benchmarks.similarity.campaigns FOLDER… --work DIR`.

Some photographs of the folders are campaigns', posted in many copies, each changed in one of the
ten ways of ``changes``; the others are honest posts', as they are, and then parts of them. All
arrive in a random order in a PostgreSQL of the benchmark's own. Each is looked at as screening does
(hash, embedding, copy), and placed among the campaigns by the service's own task. DIR keeps what
was made and how far it came: the same command goes on there. Prints how many campaigns were found
whole, how many honest posts were swept in, and what a post cost as they became more; ``--plot``
draws that.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.database import Database, kept_database
from benchmarks.lexicon import config
from benchmarks.similarity.campaigns import arrive, outcome
from benchmarks.similarity.campaigns.drawn import draw
from benchmarks.similarity.campaigns.plan import Plan, photographs, plan
from benchmarks.similarity.campaigns.prepare import CHUNK, Preparer
from service.likeness.index import build_index
from service.parts import Parts, make_parts
from service.threads import calculate_alone

ROWS = 10  # of the table of costs


def main() -> None:
    """Prepares, places and prints, as far as it is asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.campaigns")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--work", type=Path, required=True, help="a folder; 1 GB for 20,000 posts")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--campaigns", type=int, default=50)
    parser.add_argument(
        "--copies", type=int, nargs=2, default=(20, 2000), metavar=("LEAST", "MOST")
    )
    parser.add_argument("--first", type=int, help="how many of the posts arrive; default: all")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="then it ends")
    parser.add_argument("--only", choices=("prepare", "place"), help="default: both")
    parser.add_argument("--threads", type=int, default=2, help="of the network")
    parser.add_argument("--workers", type=int, default=2, help="that place posts at once")
    parser.add_argument("--plot", type=Path, help="an SVG of the costs")
    chosen = parser.parse_args()
    try:
        planned = plan(photographs(chosen.folders), chosen.posts, chosen.campaigns, *chosen.copies)
    except ValueError as error:
        parser.error(str(error))
    (chosen.work / "prepared").mkdir(parents=True, exist_ok=True)
    preparer = Preparer(planned, chosen.work / "prepared", chosen.threads)
    until = time.monotonic() + 60 * chosen.minutes
    first = min(chosen.first or chosen.posts, chosen.posts)
    if chosen.only == "prepare":
        for number in range(-(-first // CHUNK)):
            if not preparer.file(number).exists():
                preparer.chunk(number)
            if time.monotonic() > until:
                return
        return
    calculate_alone()  # as a worker does
    with kept_database(chosen.work) as own:
        parts = make_parts(config(own.folder, own.url))
        build_index(parts, parts.screener.current().bundle.embedding_id)
        waits = chosen.only == "place"
        posts = _place(parts, own, preparer, first, until, chosen.workers, waits=waits)
        _print(parts, planned, posts, chosen.work / "costs.jsonl", chosen.plot)
        parts.close()


def _place(
    parts: Parts,
    own: Database,
    preparer: Preparer,
    first: int,
    until: float,
    workers: int,
    *,
    waits: bool,
) -> int:
    """Let posts arrive until there are ``first``, or the time is over.

    Args:
        waits: for another process that prepares them.

    Returns:
        how many there are.
    """
    there = arrive.arrived(parts, workers)
    while there < first and time.monotonic() < until:
        number, skip = divmod(there, CHUNK)
        if waits and not preparer.file(number).exists():
            time.sleep(1)
            continue
        prepared = preparer.chunk(number)
        cost = arrive.arrive(parts, prepared, number * CHUNK, skip, own.pid, workers)
        arrive.note(own.folder / "costs.jsonl", cost)
        there = cost.posts
    return there


def _print(parts: Parts, planned: Plan, posts: int, file: Path, plot: Path | None) -> None:
    print(outcome.told(outcome.outcome(parts, planned, posts)))
    costs = arrive.noted(file)
    print("\nMilliseconds of processor a post, of the worker and of PostgreSQL:\n")
    print("| posts | storing, worker | storing, SQL | placing, worker | placing, SQL |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for some in np.array_split(np.arange(len(costs)), min(ROWS, len(costs))):
        part = [costs[at] for at in some]
        means = (
            np.mean([getattr(cost, name) for cost in part])
            for name in ("storing", "storing_sql", "placing", "placing_sql")
        )
        print(f"| {part[-1].posts:,} | " + " | ".join(f"{mean:.1f}" for mean in means) + " |")
    if plot:
        draw(costs, plot)


if __name__ == "__main__":
    main()
