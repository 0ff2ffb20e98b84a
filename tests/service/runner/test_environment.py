"""What `make run` makes up is kept, and is nobody else's to read."""

from __future__ import annotations

import stat
from pathlib import Path

from service.config import Config
from service.runner.environment import FILE, read, settings, write

ENGINES = {"DATABASE_URL": "postgresql:///x", "REDIS_URL": "redis://127.0.0.1/0"}


def test_what_is_missing_is_made_up_and_makes_a_whole_configuration(tmp_path: Path) -> None:
    config = Config.from_environ(settings({}, tmp_path) | ENGINES)
    assert config.data == tmp_path
    assert config.port == 8080


def test_a_second_run_finds_the_secrets_of_the_first(tmp_path: Path) -> None:
    first = settings({}, tmp_path)
    write(tmp_path / FILE, first)
    assert settings({}, tmp_path) == first


def test_the_callers_environment_has_the_say(tmp_path: Path) -> None:
    write(tmp_path / FILE, settings({}, tmp_path))
    assert settings({"TAGSIFT_PORT": "9000"}, tmp_path)["TAGSIFT_PORT"] == "9000"


def test_addresses_of_private_engines_are_not_kept(tmp_path: Path) -> None:
    write(tmp_path / FILE, settings({}, tmp_path) | ENGINES)
    assert "DATABASE_URL" not in settings({}, tmp_path)


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    write(tmp_path / FILE, {"TAGSIFT_PORT": "1"})
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert read(tmp_path / FILE) == {"TAGSIFT_PORT": "1"}
