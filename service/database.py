"""Connections to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]

CONNECT_SECONDS = 5  # to a server that does not answer at all
POOL_SECONDS = 10  # for a connection while others use them all


def make_engine(database_url: str) -> Engine:
    """An engine on PostgreSQL through psycopg 3, whatever driver the URL names.

    Connections are tested before use, so that a restarted server costs a process nothing.
    """
    _, _, rest = database_url.partition("://")
    return create_engine(
        f"postgresql+psycopg://{rest}",
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=POOL_SECONDS,
        connect_args={"connect_timeout": CONNECT_SECONDS},
        hide_parameters=True,  # errors are logged, and parameters are captions and passwords
    )


def make_sessions(engine: Engine) -> Sessions:
    """A factory of sessions whose objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def connected(database_url: str) -> Iterator[Engine]:
    """An engine for a short while: its connections are closed at the end."""
    engine = make_engine(database_url)
    try:
        yield engine
    finally:
        engine.dispose()
