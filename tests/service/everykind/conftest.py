"""The world of every kind of post, made once and put back where a test changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from service.app import create_app
from service.config import Config
from service.imagestore import ImageStore
from service.parts import Parts
from tests.emptying import Emptier
from tests.service.everykind.answered import answered
from tests.service.everykind.beside import beside
from tests.service.everykind.screened import copies, screened
from tests.service.everykind.world import NOWHERE, World
from tests.service.races.snapshot import Snapshot

MADE = (screened, answered, copies, beside)


@pytest.fixture(autouse=True)
def _clean() -> None:
    """What the world holds is put back by ``world`` alone."""


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What is logged is not drawn, which takes seconds."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture(scope="session")
def made(
    config: Config,
    parts: Parts,
    emptier: Emptier,
    sign: Callable[..., dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One post of every kind, remembered (about ten seconds of processor)."""
    emptier.empty()
    parts.redis.flushall()
    folder = tmp_path_factory.mktemp("world")
    told = config.model_copy(update={"callback_url": NOWHERE})
    own = replace(parts, config=told, images=ImageStore(str(folder / "images")))
    snapshot = Snapshot(parts.sessions.kw["bind"], "every_kind")
    world = World(own, create_app(told, own).test_client(), sign, folder, snapshot)
    with capture_logs() as entries:
        for make in MADE:
            make(world)
    world.log = entries
    world.remember()
    yield world
    snapshot.close()


@pytest.fixture(scope="module", autouse=True)
def _world_again(made: World) -> None:
    """Tests of other modules emptied the tables meanwhile."""
    made.after_others()


@pytest.fixture
def world(made: World) -> World:
    """The world, only to be looked at."""
    return made


@pytest.fixture
def changing(made: World) -> Iterator[World]:
    """The world, which is put back afterwards."""
    yield made
    made.again()
