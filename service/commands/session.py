"""A session for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from service.config import Config
from service.database import connected, make_sessions


@contextmanager
def transaction() -> Iterator[Session]:
    """A transaction on the service's database: committed at the end, or rolled back."""
    url = Config.from_environ().database_url
    with connected(url) as engine, make_sessions(engine).begin() as session:
        yield session
