"""The database ends what takes too long, in web processes and workers; commands take their time."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from service.config import Config
from service.database import Patience, make_engine

SHORT = Patience(statement=0.2, lock=0.1, idle=0.2)


def test_a_statement_that_takes_too_long_is_ended(config: Config) -> None:
    engine = make_engine(config.database_url, SHORT)
    with engine.connect() as connection, pytest.raises(OperationalError, match="statement timeout"):
        connection.execute(text("SELECT pg_sleep(10)"))
    engine.dispose()


def test_waiting_for_another_transaction_is_ended(config: Config) -> None:
    engine, patient = make_engine(config.database_url, SHORT), make_engine(config.database_url)
    with patient.begin() as holder, engine.connect() as waiter:
        holder.execute(text("LOCK TABLE live"))
        with pytest.raises(OperationalError, match="lock timeout"):
            waiter.execute(text("SELECT * FROM live"))
    engine.dispose()
    patient.dispose()


def test_a_transaction_that_nobody_goes_on_with_is_ended(config: Config) -> None:
    engine, watcher = make_engine(config.database_url, SHORT), make_engine(config.database_url)
    with engine.connect() as connection, watcher.connect() as other:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        while other.scalar(there, {"pid": pid}):
            other.rollback()
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            connection.execute(text("SELECT 1"))
        connection.invalidate()
    engine.dispose()
    watcher.dispose()


def test_a_connection_that_the_server_closed_is_replaced_before_it_is_used(config: Config) -> None:
    engine, other = make_engine(config.database_url), make_engine(config.database_url)
    with engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with other.connect() as connection:
        # It waits until that process is gone, for ten seconds at most.
        ended = text("SELECT pg_terminate_backend(:pid, 10000)")
        assert connection.scalar(ended, {"pid": pid})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != pid
    engine.dispose()
    other.dispose()


@pytest.mark.parametrize("kind", ["web_patience", "worker_patience"])
def test_each_kind_of_process_has_its_patience(config: Config, kind: str) -> None:
    patience = getattr(config, kind)
    engine = make_engine(config.database_url, patience)
    with engine.connect() as connection:
        told = connection.scalar(text("SELECT current_setting('statement_timeout')::interval"))
    assert told is not None
    assert told.total_seconds() == patience.statement
    engine.dispose()


def test_migrations_and_commands_are_never_ended(config: Config) -> None:
    engine = make_engine(config.database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
    engine.dispose()
