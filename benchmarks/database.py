"""A PostgreSQL of a benchmark's own, with the product's empty tables; it is gone afterwards."""

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
    """``folder`` is for the benchmark's files, and is removed with the database."""

    folder: Path
    url: str
    engine: Engine


@contextmanager
def own_database() -> Iterator[Database]:
    """Start one, and remove it at the end of the body."""
    with tempfile.TemporaryDirectory(prefix="tagsift-bench-") as name:
        folder = Path(name)
        postgres = start_postgres(folder / "postgres")
        try:
            with connected(postgres.url) as engine:
                migrate(engine)
                yield Database(folder, postgres.url, engine)
        finally:
            postgres.stop()
