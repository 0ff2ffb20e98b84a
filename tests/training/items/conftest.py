"""The small world of films, on disk once."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture
def eagerly() -> Iterator[None]:
    """TensorFlow without graphs: to trace one takes seconds, and a few small steps do not."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
