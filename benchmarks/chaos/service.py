"""A whole service in its own folder; each part can be killed and started again."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Collection
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
from redis import Redis
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from service.config import Config
from service.database import connected
from service.migrations.upgrade import migrate
from service.runner import environment
from service.runner.engines import (
    Postgres,
    free_port,
    redis_spec,
    start_postgres,
    start_redis,
)
from service.runner.errors import StartError
from service.runner.run import commands
from service.runner.supervise import start, stop

START_SECONDS = 120.0


class Service:
    """Engines and processes, as ``make run`` starts them; a part that died is started again.

    Args:
        folder: the data folder; it must exist.
        settings: environment variables on top of the defaults.
        stack: closes everything at its end.
        without: names of processes that are not started.
    """

    def __init__(
        self,
        folder: Path,
        settings: dict[str, str],
        stack: ExitStack,
        without: Collection[str] = (),
    ) -> None:
        self.folder = folder
        (folder / "logs").mkdir(parents=True)
        (folder / "metrics").mkdir()
        # Two threads strike and revive; only one of them may start a part.
        self._lock = threading.RLock()
        self.postgres: Postgres = start_postgres(folder / "postgres")
        stack.callback(self._stop_postgres)
        self._spec = redis_spec(folder / "redis")
        self._redis = start_redis(self._spec, folder / "logs" / "redis.log")
        stack.callback(lambda: stop([self._redis], 3))
        self.values = (
            environment.settings({}, folder)
            | {
                "DATABASE_URL": self.postgres.url,
                "REDIS_URL": self._spec.url,
                "TAGSIFT_PORT": str(free_port()),
                "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
            }
            | settings
        )
        with connected(self.postgres.url) as engine:
            migrate(engine)
        self._engine: Engine = create_engine(self.postgres.url, pool_pre_ping=True)
        stack.callback(self._engine.dispose)
        wanted = commands(folder, Config.from_environ(self.values))
        self._commands = {c.name: c for c in wanted if c.name not in without}
        self.processes = {name: self._start(name) for name in self._commands}
        stack.callback(lambda: stop(list(self.processes.values()), 3))

    @property
    def base_url(self) -> str:
        """Where the web server listens."""
        return f"http://127.0.0.1:{self.values['TAGSIFT_PORT']}"

    def wait_until_ready(self) -> None:
        """Return once ``/readyz`` says yes. TimeoutError: it does not within two minutes."""
        end = time.monotonic() + START_SECONDS
        with httpx.Client(timeout=5) as client:
            while time.monotonic() < end:
                with suppress(httpx.TransportError):
                    if client.get(f"{self.base_url}/readyz").is_success:
                        return
                time.sleep(0.2)
        raise TimeoutError("The service is not ready.")

    def number(self, query: str) -> int:
        """The one number that a query gives."""
        (row,) = self.rows(query)
        return int(next(iter(row.values())))

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query; it is asked again while the database is away."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                with self._engine.connect() as connection:
                    return [dict(row) for row in connection.execute(text(query)).mappings()]
            except SQLAlchemyError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def kill(self, name: str) -> None:
        """SIGKILL to one process and all its children, and start it again."""
        with self._lock:
            process = self.processes[name]
            for member in _family(process):
                with suppress(psutil.NoSuchProcess):
                    member.kill()
            process.wait(10)
            self.processes[name] = self._start(name)

    def kill_child(self, name: str) -> None:
        """SIGKILL to the newest child of a process; its parent has to notice."""
        children = [m for m in _family(self.processes[name])[1:] if m.is_running()]
        if children:
            with suppress(psutil.NoSuchProcess):
                children[-1].kill()

    def kill_redis(self) -> None:
        """SIGKILL to Redis; it is back after a second, with what its append-only file holds."""
        with self._lock:
            self._redis.kill()
            self._redis.wait(10)
            time.sleep(1)
            self._redis = start_redis(self._spec, self.folder / "logs" / "redis.log")

    def flush_redis(self) -> None:
        """Everything in the broker is gone."""
        with Redis.from_url(self._spec.url) as client:
            client.flushall()

    def kill_postgres(self) -> None:
        """SIGKILL to all of PostgreSQL, as if the machine lost power; it recovers from its log."""
        with self._lock:
            family = _family(psutil.Process(self.postgres.pid))
            for member in family:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
            psutil.wait_procs(family, timeout=10)
            time.sleep(1)
            self._start_postgres()

    def revive(self) -> None:
        """Start again whatever is not running, as a supervisor would."""
        with self._lock:
            pid = self.postgres.pid
            if pid is None or not psutil.pid_exists(pid):
                with suppress(StartError, subprocess.SubprocessError, OSError):
                    self._start_postgres()
            if not self._redis.is_running() or self._redis.status() == psutil.STATUS_ZOMBIE:
                self._redis.wait(1)
                with suppress(StartError):
                    self._redis = start_redis(self._spec, self.folder / "logs" / "redis.log")
            for name, process in self.processes.items():
                if process.poll() is not None:
                    with suppress(OSError):
                        self.processes[name] = self._start(name)

    def memory(self) -> dict[str, float]:
        """Megabytes of each process and its children: proportional set size, summed."""
        return {
            name: sum(_pss_mb(member) for member in _family(process))
            for name, process in self.processes.items()
        }

    def _start(self, name: str) -> psutil.Popen:
        return start(self._commands[name], {**os.environ, **self.values})

    def _start_postgres(self) -> None:
        with suppress(Exception):  # a dead server cannot be told to stop
            self.postgres.server.cleanup()
        self.postgres = start_postgres(self.folder / "postgres")

    def _stop_postgres(self) -> None:
        with suppress(Exception):
            self.postgres.stop()


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _pss_mb(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().pss) / 2**20
    return 0.0
