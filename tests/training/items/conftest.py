"""The small world of films, on disk once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.items.world import write_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("films") / "world")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where posters' embeddings are kept, so that each is computed once."""
    return tmp_path_factory.mktemp("cache")
