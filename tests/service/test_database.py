"""The database ends what takes too long, in web processes and workers; commands take their time."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from sqlalchemy import make_url, text
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


@pytest.fixture
def through_tcp(config: Config) -> Iterator[str]:
    """The address of the database behind a TCP port of this machine."""
    url = make_url(config.database_url)
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if isinstance(folder := url.query.get("host"), str):
            there = stack.enter_context(socket.socket(socket.AF_UNIX))
            there.connect(f"{folder}/.s.PGSQL.{url.port or 5432}")
        else:
            there = stack.enter_context(socket.create_connection((url.host, url.port or 5432)))

        def relay() -> None:
            here = stack.enter_context(listener.accept()[0])
            back = threading.Thread(target=_copy, args=(there, here), daemon=True)
            back.start()
            _copy(here, there)

        threading.Thread(target=relay, daemon=True).start()
        port = listener.getsockname()[1]
        same = url.set(host="127.0.0.1", port=port).difference_update_query(["host", "port"])
        yield same.render_as_string(hide_password=False)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # closed when the test ends
        while data := source.recv(2**16):
            target.sendall(data)


def test_a_server_that_cannot_be_reached_any_more_is_given_up_within_about_a_minute(
    through_tcp: str,
) -> None:
    """What Linux was told of a connection; by itself it would wait for two hours."""
    engine = make_engine(through_tcp)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        with socket.socket(fileno=os.dup(raw.pgconn.socket)) as own:
            idle, every, count, unsent = (
                own.getsockopt(socket.IPPROTO_TCP, option)
                for option in (
                    socket.TCP_KEEPIDLE,
                    socket.TCP_KEEPINTVL,
                    socket.TCP_KEEPCNT,
                    socket.TCP_USER_TIMEOUT,
                )
            )
    assert idle + every * count <= 60
    assert unsent <= 60_000
    engine.dispose()


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
