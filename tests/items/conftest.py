"""The item bundle that ships, in memory once."""

from __future__ import annotations

from pathlib import Path

import pytest

from items import ItemBundle, ItemEncoder


@pytest.fixture(scope="session")
def shipped(repository: Path) -> ItemBundle:
    return ItemBundle.load(repository / "models" / "items")


@pytest.fixture(scope="session")
def encoder(shipped: ItemBundle) -> ItemEncoder:
    return ItemEncoder(shipped)
