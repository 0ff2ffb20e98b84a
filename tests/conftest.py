"""The real engines, started once for all tests from the wheels (about two seconds)."""

from __future__ import annotations

import gc
import io
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import structlog
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import Engine, text

from service.accounts import passwords
from service.app import create_app
from service.config import Config
from service.database import connected
from service.migrations.upgrade import migrate
from service.parts import Parts, make_parts
from service.runner.engines import redis_spec, start_postgres, start_redis
from tests.emptying import Emptier
from tests.order import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.order import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler

# No test asserts a time: two busy cores would make it fail for nothing.
settings.register_profile("tagsift", deadline=None, derandomize=False)
settings.register_profile("thorough", deadline=None, max_examples=5000)  # see `make fuzz`
settings.load_profile("tagsift")

# Each of these processes, and each that a test starts, would compile five hundred modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Some thousand modules and tests stay for good. To look through them again and again for garbage
# took a fifth of the time.
gc.disable()
MANY_OBJECTS = 50_000

API_KEY = "test-api-key"
SECRETS = (
    "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
)


def pytest_collection_finish() -> None:
    """Collect garbage from now on, but not among what is there already."""
    gc.freeze()
    gc.set_threshold(MANY_OBJECTS, 10, 10)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """Passwords are hashed at argon2id's least cost, but where a test takes the real hasher."""
    real = passwords._hasher
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        yield real


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """structlog would draw each traceback with the values of every frame, for a second or two."""
    told: list[structlog.typing.Processor] = structlog.get_config()["processors"][:-1]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*told, plain])


@pytest.fixture(scope="session")
def own_folder() -> Iterator[Callable[[], Path]]:
    """Makes folders outside of pytest's: a second pytest takes other users' rights from those,
    and where root runs the tests, PostgreSQL runs as another user."""
    with ExitStack() as stack:
        yield lambda: Path(stack.enter_context(TemporaryDirectory(prefix="tagsift-")))


def _lose_on_power_cut(engine: Engine) -> None:
    """Do not wait for the disk at each commit: no test outlives a power cut."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture(scope="session")
def engines(own_folder: Callable[[], Path]) -> Iterator[tuple[str, str]]:
    """PostgreSQL's and Redis's URLs. Each test process has its own of both."""
    folder = own_folder()
    postgres = start_postgres(folder / "postgres")
    spec = redis_spec(folder / "redis")
    redis = start_redis(spec, folder / "redis.log")
    with connected(postgres.url) as engine:
        _lose_on_power_cut(engine)
        migrate(engine)
    yield postgres.url, spec.url
    redis.terminate()
    redis.wait()
    postgres.stop()


@pytest.fixture(scope="session")
def config(engines: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Settings of a service on the real engines; nothing of the caller's environment counts."""
    for name in list(os.environ):
        if name.startswith("TAGSIFT_"):
            del os.environ[name]
    return Config(
        database_url=engines[0],
        redis_url=engines[1],
        data=tmp_path_factory.mktemp("data"),
        secret_key=SecretStr(secrets.token_hex()),
        explore_share=0.0,  # else the key draws which places of a list are for something else
        webhook_secrets=tuple(SecretStr(secret) for secret in SECRETS),
        api_keys=(SecretStr(API_KEY),),
        # No post is drawn for a second look, as a control or for a spot check where no test asks.
        double_share=0,
        control_share=0,
        spot_check_share=0,
    )


@pytest.fixture(scope="session")
def parts(config: Config) -> Iterator[Parts]:
    """The parts of one process, with the starter bundle behind the screener."""
    made = make_parts(config)
    yield made
    made.close()


@pytest.fixture(scope="session")
def app(config: Config, parts: Parts) -> Flask:
    return create_app(config, parts)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def emptier(engines: tuple[str, str]) -> Iterator[Emptier]:
    """Empties all tables."""
    with connected(engines[0]) as engine:
        made = Emptier(engine)
    yield made
    made.close()


@pytest.fixture
def clean(parts: Parts, emptier: Emptier) -> None:
    """Empty tables and an empty broker."""
    emptier.empty()
    parts.redis.flushall()


@pytest.fixture(scope="session")
def jpeg() -> Callable[..., bytes]:
    """Makes a JPEG: ``jpeg(colour=(r, g, b), size=(w, h), seed=None, **save_options)``."""

    def make(
        colour: tuple[int, int, int] = (120, 160, 90),
        size: tuple[int, int] = (320, 240),
        seed: int | None = None,
        **save: object,
    ) -> bytes:
        pixels = np.full((size[1], size[0], 3), colour, np.uint8)
        if seed is not None:
            noise = np.random.default_rng(seed).integers(0, 80, pixels.shape, np.uint8)
            pixels = pixels // 2 + noise
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", **save)
        return buffer.getvalue()

    return make


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
