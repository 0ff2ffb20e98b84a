"""Posts that arrive decided, and are placed among the campaigns as a worker does it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import func, select

from benchmarks.similarity.campaigns.prepare import Prepared
from service.campaigns.place import place_waiting
from service.imagestore import new_key
from service.parts import Parts
from service.tables import Embedding, Image, Post, Unplaced, Verdict

TURN = 250  # posts that arrive before the workers' next turn
TAG = "daily"


@dataclass(frozen=True)
class Cost:
    """Milliseconds a post, among so many ``posts``: of processor, of the workers and of PostgreSQL
    for storing it and for its place; and of the clock for its place."""

    posts: int
    storing: float
    storing_sql: float
    placing: float
    placing_sql: float
    placing_clock: float


def arrived(parts: Parts, workers: int) -> int:
    """How many posts are there; those that a run before did not get to are placed first."""
    _place_all(parts, workers)
    with parts.sessions() as session:
        return session.scalar(select(func.count()).select_from(Post)) or 0


def arrive(
    parts: Parts, prepared: Prepared, first: int, skip: int, server: int | None, workers: int
) -> Cost:
    """The prepared posts after ``skip`` arrive, a turn of the workers at a time.

    Args:
        first: the number of the first prepared post.
        server: the process id of PostgreSQL.
        workers: so many place posts at once.
    """
    storing = storing_sql = placing = placing_sql = clock = 0.0
    for start in range(skip, len(prepared.hashes), TURN):
        rows = range(start, min(start + TURN, len(prepared.hashes)))
        mine, theirs = time.process_time(), _seconds_of(server)
        _store(parts, prepared, first, rows)
        stored, stored_sql, at = time.process_time(), _seconds_of(server), time.monotonic()
        _place_all(parts, workers)
        storing, storing_sql = storing + stored - mine, storing_sql + stored_sql - theirs
        placing += time.process_time() - stored
        placing_sql += _seconds_of(server) - stored_sql
        clock += time.monotonic() - at
    posts = max(len(prepared.hashes) - skip, 1)
    each = (
        1000 * seconds / posts for seconds in (storing, storing_sql, placing, placing_sql, clock)
    )
    return Cost(first + len(prepared.hashes), *(round(milliseconds, 2) for milliseconds in each))


def note(file: Path, cost: Cost) -> None:
    """Keep what a chunk cost, beside those of the runs before."""
    with file.open("a") as log:
        log.write(json.dumps(asdict(cost)) + "\n")
    print(json.dumps(asdict(cost)), flush=True)


def noted(file: Path) -> list[Cost]:
    """What all chunks cost so far."""
    return [Cost(**json.loads(line)) for line in file.read_text().splitlines()]


def _store(parts: Parts, prepared: Prepared, first: int, rows: Sequence[int]) -> None:
    """As screening writes a post that passed, with the copy of its photograph."""
    network = parts.screener.current().bundle.embedding_id
    now, posts = datetime.now(UTC), []
    with parts.sessions.begin() as session:
        for row in rows:
            number = first + row
            key = new_key(number)
            parts.images.put(key, prepared.copies[row])
            image = Image(position=0, hash=prepared.hashes[row], derivative=key)
            image.embeddings = [Embedding(made_by=network, vector=prepared.embeddings[row])]
            post = Post(
                external_id=f"p-{number}",
                revision=1,
                author_id=f"u-{number}",
                caption="",
                hashtags=[TAG],
                posted_at=now,
                state="decided",
                decision="pass",
                decided_by="model",
                decided_at=now,
            )
            post.images, post.verdicts = [image], [_verdict()]
            posts.append(post)
        session.add_all(posts)
        session.flush()
        session.add_all(Unplaced(post_id=post.id) for post in posts)


def _place_all(parts: Parts, workers: int) -> None:
    def place(_: int) -> None:
        while place_waiting(parts):
            pass

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(place, range(workers)))


def _verdict() -> Verdict:
    return Verdict(
        position=0,
        tag=TAG,
        normalised=TAG,
        verdict="unverifiable",
        model_verdict="unverifiable",
        resolved_by="lexicon",
        confidence=1.0,
        reason={"en": "", "ko": ""},
        trace={},
    )


def _seconds_of(server: int | None) -> float:
    """Processor seconds of PostgreSQL's processes, which live as long as their connections."""
    total = 0.0
    for process in psutil.Process(server).children():
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
