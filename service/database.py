"""Connections to PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Engine,
    SQLColumnExpression,
    any_,
    create_engine,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]

CONNECT_SECONDS = 5  # to a server that does not answer at all
# libpq's settings: by Linux's own a connection that a network cut would be waited on for two hours.
NETWORK = {
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 10,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}
POOL_SECONDS = 10  # for a connection while others use them all


@dataclass(frozen=True)
class Patience:
    """Time limits of a process's connections to PostgreSQL, in seconds.

    ``statement`` limits one statement, ``lock`` its wait for another transaction, ``idle`` the
    pause between two statements of a transaction. PostgreSQL ends what takes longer with an error.
    """

    statement: float
    lock: float
    idle: float

    @property
    def options(self) -> str:
        """The limits as libpq options."""
        settings = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={1000 * value:.0f}" for name, value in settings.items())


def make_engine(database_url: str, patience: Patience | None = None) -> Engine:
    """A SQLAlchemy engine for PostgreSQL that uses psycopg 3, whatever driver the URL names.

    Connections are tested before use, so that a restarted server costs a process nothing. One whose
    server can no longer be reached is given up after about a minute (``NETWORK``). Without
    ``patience`` there is no limit: migrations and commands may take as long as they need.
    """
    _, _, rest = database_url.partition("://")
    given: dict[str, str | int] = {"connect_timeout": CONNECT_SECONDS, **NETWORK}
    if patience is not None:
        given["options"] = patience.options
    return create_engine(
        f"postgresql+psycopg://{rest}",
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=POOL_SECONDS,
        connect_args=given,
        hide_parameters=True,  # errors are logged, and parameters are captions and passwords
    )


def make_sessions(engine: Engine) -> Sessions:
    """A factory of sessions whose objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def time_of(session: Session) -> datetime:
    """The database's current time. Only this clock decides what is due, because clocks of machines
    may differ by hours.
    """
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now


def one_of(column: SQLColumnExpression[int], ids: Collection[int]) -> ColumnElement[bool]:
    """The condition that a column is one of many ids. They are passed as one array, because a
    statement takes at most 65,535 parameters.
    """
    found: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(BigInteger)))
    return found


@contextmanager
def connected(database_url: str) -> Iterator[Engine]:
    """An engine for a block; its connections are closed at the end."""
    engine = make_engine(database_url)
    try:
        yield engine
    finally:
        engine.dispose()
