"""How long recommendations take: `python -m benchmarks.recommend.speed`.

Fills a PostgreSQL of its own with items that have vectors, and with what people did with them:
fifty tastes, each person of one; what is popular is popular by a power law. The counts are those
that the service keeps. Then people are recommended twenty items each, one after the other, and
events are written down. Prints a Markdown table; nobody else is at the database meanwhile.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from sqlalchemy import Connection, func, insert, select, text
from tqdm import tqdm

from benchmarks.database import own_database
from benchmarks.lexicon import config
from service.database import Sessions
from service.likeness.index import build_index
from service.parts import Parts, make_parts
from service.recommend.asking import asked
from service.recommend.events import Event
from service.recommend.heat import heat_of_events
from service.recommend.likes import WINDOW
from service.recommend.recommend import recommend
from service.recommend.record import record_events
from service.tables import Interaction, ItemCount

TASTES = 50
EACH = 20  # interactions of a person
LIKED = 0.4  # of the interactions; the others are views
BATCH = 1000
SEED = 7
HEAD = "| | p50, ms | p95, ms | processor, ms |\n| --- | ---: | ---: | ---: |"
ITEMS = """
    INSERT INTO items (kind, external_id, title, language, state, added_at)
    SELECT 'item', 'i-' || n, 'Item ' || n, 'en', 'ready', now() - n * interval '1 minute'
    FROM generate_series(1, :items) AS n ORDER BY n
"""
VIEWERS = """
    INSERT INTO viewers (external_id, likes)
    SELECT 'u-' || n, 0 FROM generate_series(1, :viewers) AS n ORDER BY n
"""
# Seven of ten are of one's own taste, and a few items are in most people's hands.
INTERACTIONS = """
    INSERT INTO interactions (external_id, viewer_id, item_id, kind, at)
    SELECT 'e-' || n, viewer.id,
        viewer.first + CASE WHEN random() < 0.7
            THEN floor(power(random(), 3) * :items / :tastes)::bigint * :tastes
                + viewer.id % :tastes
            ELSE floor(power(random(), 3) * :items)::bigint END,
        CASE WHEN random() < :liked THEN 'like' ELSE 'view' END,
        now() - random() * interval '90 days'
    FROM generate_series(0, :interactions - 1) AS n,
        LATERAL (SELECT (SELECT min(id) FROM viewers) + n / :each AS id,
            (SELECT min(id) FROM items) AS first) AS viewer
"""
OPINIONS = """
    INSERT INTO opinions (viewer_id, item_id, nth, at)
    SELECT viewer_id, item_id,
        row_number() OVER (PARTITION BY viewer_id ORDER BY min(at), min(id)), min(at)
    FROM interactions WHERE kind = 'like' GROUP BY viewer_id, item_id
"""
LIKES = """
    UPDATE viewers SET likes = most.nth
    FROM (SELECT viewer_id, max(nth) AS nth FROM opinions GROUP BY viewer_id) AS most
    WHERE most.viewer_id = viewers.id
"""
PAIRS = """
    INSERT INTO item_pairs (item_id, other_id, n)
    SELECT one.item_id, other.item_id, count(*) FROM opinions AS one
    JOIN opinions AS other ON other.viewer_id = one.viewer_id AND other.item_id <> one.item_id
        AND abs(other.nth - one.nth) <= :window
    GROUP BY one.item_id, other.item_id
"""


def main() -> None:
    """Fills the database and prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recommend.speed")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=300, help="people")
    chosen = parser.parse_args()
    with own_database() as own:
        parts = make_parts(config(own.folder, own.url))
        fill(parts, chosen.items, chosen.interactions)
        print(f"\n{_sizes(parts)}\n\n{HEAD}")
        measure(parts, chosen.interactions // EACH, chosen.items, chosen.asked)
        parts.close()


def fill(parts: Parts, items: int, interactions: int) -> None:
    """Items with vectors, people, what they did, and the counts that come of it."""
    steps = (ITEMS, VIEWERS, INTERACTIONS)
    values = {"items": items, "viewers": interactions // EACH, "interactions": interactions}
    values |= {"tastes": TASTES, "each": EACH}
    engine = parts.sessions.kw["bind"]
    with tqdm(total=len(steps) + 4, desc="Filling") as bar:
        for step in steps:
            with engine.begin() as connection:
                connection.execute(text(step), {**values, "liked": LIKED})
            bar.update()
        count_interactions(parts.sessions)
        bar.update()
        with engine.begin() as connection:
            _copy_vectors(connection, parts.encoders.current().vector_id, vectors(items))
        bar.update()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        bar.update()
        build_index(parts, parts.encoders.current().vector_id)
        bar.update()


def count_interactions(sessions: Sessions) -> None:
    """Opinions, pairs and counts, as the service has them when all interactions were sent."""
    with sessions.begin() as session:
        for step in (OPINIONS, LIKES, PAIRS):
            session.execute(text(step), {"window": WINDOW})
        session.execute(_counts())


def vectors(items: int) -> NDArray[np.float32]:
    """float32 [items, 256] of norm 1: items of one taste are alike, none are the same."""
    random = np.random.default_rng(SEED)
    centres = random.normal(size=(TASTES, 256))
    found = centres[np.arange(items) % TASTES] + 1.5 * random.normal(size=(items, 256))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def measure(parts: Parts, viewers: int, items: int, people: int) -> None:
    """A row for each thing that is timed."""
    random = np.random.default_rng(SEED)
    known = [f"u-{1 + viewer}" for viewer in random.integers(0, viewers, people)]
    clock = Clock(parts)
    clock.row("recommend 20 items to a person", partial(_ask, parts), known)
    clock.row("to somebody who is not known", partial(_ask, parts), ["nobody"] * people)
    ones = [[_event(f"one-{n}", who, items, random)] for n, who in enumerate(known)]
    clock.row("write down one event", partial(_send, parts), ones)
    many = [
        [_event(f"b-{turn}-{n}", f"u-{1 + n}", items, random) for n in range(BATCH)]
        for turn in range(5)
    ]
    clock.row(f"write down {BATCH:,} events of as many people", partial(_send, parts), many)


def _ask(parts: Parts, viewer: str) -> None:
    question = asked(parts, viewer, 20)
    with parts.sessions() as session:
        recommend(session, question)


def _send(parts: Parts, events: list[Event]) -> None:
    with parts.sessions.begin() as session:
        record_events(session, events)


def _event(name: str, viewer: str, items: int, random: np.random.Generator) -> Event:
    item = f"i-{1 + int(items * random.random() ** 3)}"
    return Event(name, viewer, "item", item, "like", None, datetime.now(UTC))


class Clock:
    """Times work that is done by this process and one of PostgreSQL's, one piece after another."""

    def __init__(self, parts: Parts) -> None:
        with parts.sessions() as session:  # the pool gives the same connection each time
            self._server = psutil.Process(session.scalar(text("SELECT pg_backend_pid()")))

    def row(self, what: str, work: Callable[[Any], None], given: Sequence[Any]) -> None:
        """A row of the table: what a clock says, and what the processor worked for it."""
        for one in given[:3]:  # so that what is read first lies in memory
            work(one)
        took, worked = [], self._worked()
        for one in given:
            began = time.perf_counter()
            work(one)
            took.append(1000 * (time.perf_counter() - began))
        each = 1000 * (self._worked() - worked) / len(given)
        figures = (np.median(took), np.quantile(took, 0.95), each)
        print(f"| {what} | " + " | ".join(f"{n:.0f}" for n in figures) + " |", flush=True)

    def _worked(self) -> float:
        server = self._server.cpu_times()
        return time.process_time() + server.user + server.system


def _counts() -> Any:
    kinds = [func.count().filter(Interaction.kind == kind) for kind in ("view", "like")]
    nothing = func.count().filter(Interaction.kind == "save")
    columns = ["item_id", "views", "likes", "saves", "dislikes", "heat"]
    counted = select(Interaction.item_id, *kinds, nothing, nothing, heat_of_events())
    return insert(ItemCount).from_select(columns, counted.group_by(Interaction.item_id))


def _copy_vectors(connection: Connection, made_by: str, stored: NDArray[np.float32]) -> None:
    first = connection.scalar(text("SELECT min(id) FROM items")) or 1
    register_vector(connection.connection.driver_connection)  # type: ignore[arg-type]  # psycopg's
    copy = "COPY item_vectors (item_id, made_by, vector) FROM STDIN (FORMAT BINARY)"
    with connection.connection.cursor().copy(copy) as rows:
        rows.set_types(("int8", "text", "halfvec"))
        for number, vector in enumerate(stored, first):
            rows.write_row((number, made_by, HalfVector(vector)))


def _sizes(parts: Parts) -> str:
    tables = ("item_vectors", "viewers", "interactions", "opinions", "item_pairs")
    with parts.sessions() as session:
        found = [session.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables]  # noqa: S608  # our own names
    return ", ".join(f"{n:,} {name}" for n, name in zip(found, tables, strict=True))


if __name__ == "__main__":
    main()
