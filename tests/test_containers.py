"""Dockerfile and compose.yaml name files, commands and settings that there are.

No container engine is needed: the files are read and held against the code they start.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context, Group

from service.commands.root import main
from service.config import Config, ConfigError, variable
from service.likeness.index import BUILT_IN
from service.queue import Queue

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
WORKERS = {
    "worker": "screening",
    "looking": "looking",
    "callbacks": "callbacks",
    "upkeep": "upkeep",
}
OURS = {"migrate", "web", "sweeper", *WORKERS}
SETTINGS = {variable(field): info for field, info in Config.model_fields.items()}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def example() -> dict[str, str]:
    lines = (ROOT / "compose.env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def environment(service: str) -> dict[str, str]:
    """What a container finds in its environment once compose.env is filled in."""
    image = dict(re.findall(r"\b(TAGSIFT_\w+|PROMETHEUS_\w+)=(\S+)", DOCKERFILE))
    filled = example() | {
        "POSTGRES_PASSWORD": "abc",
        "TAGSIFT_SECRET_KEY": "abc",
        "TAGSIFT_WEBHOOK_SECRETS": SECRET,
        "TAGSIFT_API_KEYS": "abc",
    }
    own: dict[str, str] = COMPOSE["services"][service]["environment"]
    return image | filled | own


def command(service: str) -> list[str]:
    return shlex.split(COMPOSE["services"][service]["command"])


def test_the_services_are_ours_and_the_two_engines() -> None:
    assert set(COMPOSE["services"]) == OURS | {"postgres", "redis"}


@pytest.mark.parametrize("service", sorted(OURS))
def test_ours_share_one_image_and_one_file_of_secrets(service: str) -> None:
    ours = COMPOSE["services"][service]
    assert (ours["build"], ours["image"], ours["env_file"]) == (".", "tagsift", "compose.env")


@pytest.mark.parametrize("service", sorted(OURS))
def test_every_setting_that_a_container_gets_is_one_the_service_reads(service: str) -> None:
    given = {name for name in environment(service) if name.startswith("TAGSIFT_")}
    assert given <= set(SETTINGS)


@pytest.mark.parametrize("service", sorted(OURS))
def test_the_environment_is_complete(service: str) -> None:
    config = Config.from_environ(environment(service))
    assert config.host == "0.0.0.0"  # noqa: S104  # in a container; compose publishes on loopback
    assert config.data == Path("/data")


@pytest.mark.parametrize("name", [name for name, info in SETTINGS.items() if info.is_required()])
def test_what_must_be_filled_in_is_asked_for(name: str) -> None:
    given = environment("web")
    assert name in given
    with pytest.raises(ConfigError, match=f"{name} is not set"):
        Config.from_environ(given | {name: ""})


def test_the_example_holds_no_secret() -> None:
    assert set(example().values()) == {""}


def test_secrets_that_were_filled_in_are_neither_committed_nor_built_in() -> None:
    assert "/compose.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert "!compose.env" not in lines


def test_the_database_and_the_broker_are_the_services_beside() -> None:
    web = environment("web")
    assert "@postgres:5432/tagsift" in web["DATABASE_URL"]
    assert web["REDIS_URL"].startswith("redis://redis:6379")


def test_web_starts_gunicorn_as_the_image_does() -> None:
    assert command("web") == re.findall(r'"([^"]+)"', DOCKERFILE.splitlines()[-1])
    assert command("web") == ["gunicorn", "--config", "service/gunicorn.py", "wsgi:app"]
    assert (ROOT / "service" / "gunicorn.py").is_file()
    assert "app = create_app(" in (ROOT / "wsgi.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("service", sorted(WORKERS))
def test_each_queue_has_workers_of_its_own(service: str) -> None:
    words = command(service)
    assert words[:4] == ["celery", "-A", "service.worker:celery", "worker"]
    assert words[words.index("--queues") + 1] == WORKERS[service]


def test_no_queue_is_without_workers() -> None:
    assert set(WORKERS.values()) == set(Queue)


def test_the_sweeper_sweeps() -> None:
    assert command("sweeper") == ["python", "-m", "service", "sweep"]
    assert isinstance(main, Group)
    assert "sweep" in main.list_commands(Context(main))


def test_the_schema_is_brought_up_to_date_before_anything_else_runs() -> None:
    assert isinstance(main, Group)
    assert command("migrate") == ["python", "-m", "service", "migrate"]
    assert "migrate" in main.list_commands(Context(main))
    for service in OURS - {"migrate"}:
        needs = COMPOSE["services"][service]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}


def test_every_volume_is_declared_and_the_engines_keep_their_data() -> None:
    used = {
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service["volumes"]
    }
    assert used == set(COMPOSE["volumes"])
    assert "--appendonly yes" in COMPOSE["services"]["redis"]["command"]


def test_postgresql_is_ready_when_others_reach_it() -> None:
    # Of the image's two servers the first listens on its socket only, and is gone soon.
    test = COMPOSE["services"]["postgres"]["healthcheck"]["test"]
    assert test.startswith("pg_isready --host ")


def test_what_a_proxy_in_front_asks_for_can_be_filled_in() -> None:
    assert {"TAGSIFT_PUBLIC_URL", "TAGSIFT_TRUSTED_PROXIES"} <= set(example())


def test_postgresql_may_share_as_much_memory_as_an_index_is_built_in() -> None:
    # pgvector builds the index of a large table with several processes, in shared memory.
    given, needed = COMPOSE["services"]["postgres"]["shm_size"], BUILT_IN
    units = {"mb": 1, "gb": 1024}
    megabytes = [int(size[:-2]) * units[size[-2:].lower()] for size in (given, needed)]
    assert megabytes[0] > megabytes[1]


def test_the_image_holds_what_serves_and_not_what_trains() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = set(project["tool"]["importlinter"]["root_packages"]) - {"training"}
    copied = set(re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE))
    bundles = {"models/starter", "models/items"}
    assert copied == packages | bundles | {"wsgi.py", "requirements-serve.txt"}
    assert all((ROOT / path).exists() for path in copied)
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if "!" in line}
    assert sent == {path.split("/")[0] for path in copied}
    pinned = (ROOT / "requirements-serve.txt").read_text(encoding="utf-8")
    assert "tensorflow" not in pinned
    assert "gunicorn==" in pinned


def test_the_image_does_not_run_as_root() -> None:
    lines = DOCKERFILE.splitlines()
    assert lines.index("USER tagsift") < next(i for i, line in enumerate(lines) if "CMD [" in line)
