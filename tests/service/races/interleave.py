"""Run two operations in real threads with real connections, one of them held at a chosen point."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, event, text

LONGEST_SECONDS = 90.0  # for the other operation, on a machine with much else to do
LOOK_SECONDS = 0.004


Kind = Literal["commit", "lock"]
LOCKS = re.compile(r"^\s*(UPDATE|INSERT|DELETE)\b|FOR (NO KEY )?UPDATE|advisory", re.IGNORECASE)


@dataclass(frozen=True)
class Point:
    """Where the first operation is held: before its ``number``th commit, or after so many
    statements that lock or change rows."""

    kind: Kind
    number: int


class Held:
    """What one thread has done so far, and where it stops until it is let go."""

    def __init__(self, point: Point | None) -> None:
        self.point = point
        self.counts: dict[Kind, int] = {"commit": 0, "lock": 0}
        self.pid: int | None = None
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.stands = threading.Event()  # at the point, or after all of its work

    def passes(self, kind: Kind) -> None:
        """Stop here if this is the point."""
        self.counts[kind] += 1
        if self.point == Point(kind, self.counts[kind]):
            self.reached.set()
            self.stands.set()
            assert self.go_on.wait(LONGEST_SECONDS)


class Interleaver:
    """Listens to an engine while two operations run on it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._watching = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._mine = threading.local()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Watch the statements and commits of every thread."""
        listeners = (
            ("before_cursor_execute", self._remember),
            ("after_cursor_execute", self._statement),
            ("commit", self._commit),
        )
        for name, listener in listeners:
            event.listen(self._engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners:
                event.remove(self._engine, name, listener)

    def run(self, first: Callable[[], None], second: Callable[[], None], point: Point) -> None:
        """Hold ``first`` at the point until ``second`` has finished or waits for it."""
        held, other = Held(point), Held(None)
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(self._in_thread, first, held)
            assert held.stands.wait(LONGEST_SECONDS)
            two = pool.submit(self._in_thread, second, other)
            try:
                with self._watching.connect() as connection:
                    while (
                        held.reached.is_set()
                        and not other.stands.wait(LOOK_SECONDS)
                        and not _waits(connection, other)
                    ):
                        pass
            finally:
                held.go_on.set()
            self._finish(one, two)

    def _finish(self, *threads: Future[None]) -> None:
        for thread in threads:
            thread.result(LONGEST_SECONDS)

    def _in_thread(self, work: Callable[[], None], held: Held) -> None:
        self._mine.held = held
        try:
            work()
        finally:
            held.stands.set()

    def _remember(self, connection: Connection, *_: Any) -> None:
        held: Held | None = getattr(self._mine, "held", None)
        if held is not None:
            driver: Any = connection.connection.driver_connection
            held.pid = driver.info.backend_pid

    def _statement(self, _: Connection, __: Any, statement: str, *___: Any) -> None:
        held: Held | None = getattr(self._mine, "held", None)
        if held is not None and LOCKS.search(statement):
            held.passes("lock")

    def _commit(self, _: Connection) -> None:
        held: Held | None = getattr(self._mine, "held", None)
        if held is not None:
            held.passes("commit")


def _waits(connection: Connection, held: Held) -> bool:
    blocked = text("SELECT cardinality(pg_blocking_pids(:pid)) > 0")
    return held.pid is not None and bool(connection.scalar(blocked, {"pid": held.pid}))
