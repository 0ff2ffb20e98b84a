"""A private PostgreSQL for a benchmark, with the product's tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from service.database import connected
from service.migrations.upgrade import migrate
from service.runner.engines import start_postgres


@dataclass(frozen=True)
class Database:
    """``folder`` is for the benchmark's files; ``pid`` is the server's first process."""

    folder: Path
    url: str
    engine: Engine
    pid: int | None


@contextmanager
def own_database() -> Iterator[Database]:
    """Start an empty one, and remove it with its folder at the end of the body."""
    with tempfile.TemporaryDirectory(prefix="tagsift-bench-") as name, kept_database(name) as own:
        yield own


@contextmanager
def kept_database(folder: Path | str) -> Iterator[Database]:
    """Start the one that is in a folder, or an empty one, and stop it at the end of the body."""
    postgres = start_postgres(Path(folder) / "postgres")
    try:
        with connected(postgres.url) as engine:
            migrate(engine)
            yield Database(Path(folder), postgres.url, engine, postgres.pid)
    finally:
        postgres.stop()
