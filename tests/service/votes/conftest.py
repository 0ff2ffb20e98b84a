"""Posts that look more or less like one photograph, and an index to find them by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures
from sqlalchemy import text

from service.likeness.index import build_index, index_name
from service.parts import Parts
from service.tables import Embedding, Post, UsualVotes, VotePermission
from similarity.duplicates import Floats
from tests.service.console.rows import add_post

AddNear = Callable[..., int]
Usual = Callable[..., None]


@pytest.fixture(autouse=True)
def index(parts: Parts) -> Iterator[None]:
    """The live network's index."""
    network = parts.screener.current().bundle.embedding_id
    build_index(parts, network)
    yield
    with parts.sessions.begin() as session:
        session.execute(text(f'DROP INDEX IF EXISTS "{index_name(network)}"'))


@pytest.fixture(scope="session")
def colour() -> tuple[int, int, int]:
    """Of the photograph that all is compared with."""
    return (120, 160, 90)


@pytest.fixture
def seen(parts: Parts, colour: tuple[int, int, int]) -> Floats:
    """The embedding of that photograph."""
    (look,) = parts.screener.current().see([Pictures.new("RGB", (320, 240), colour)])
    return np.array(look.prediction.embedding, np.float32)


@pytest.fixture
def add_near(parts: Parts, seen: Floats) -> AddNear:
    """``add_near(name, {"sunset": "unverifiable"}, degrees=30, seed=1, **columns) -> row id``: a
    passed post whose embedding stands at an angle from the photograph's, in a direction of its
    own."""

    def make(
        name: str, verdicts: Mapping[str, str], degrees: float = 30, seed: int = 0, **columns: Any
    ) -> int:
        row = add_post(parts, name, verdicts, (b"",), **({"author_id": name} | columns))
        angle, random = np.radians(degrees), np.random.default_rng(seed)
        aside = random.normal(size=len(seen))
        aside -= aside @ seen * seen
        vector = np.cos(angle) * seen + np.sin(angle) * aside / np.linalg.norm(aside)
        network = parts.screener.current().bundle.embedding_id
        with parts.sessions.begin() as session:
            (image,) = session.get_one(Post, row).images
            session.add(Embedding(image_id=image.id, made_by=network, vector=vector.tolist()))
        return row

    return make


@pytest.fixture
def usual(parts: Parts) -> Usual:
    """``usual("sunset", decides=False)``: as if it had been learned."""

    def make(tag: str, *, decides: bool = False) -> None:
        counts = {"posts": 40, "for": 30, "against": 2}
        figures = {"right": counts, "other": counts | {"for": 0, "against": 20}}
        with parts.sessions.begin() as session:
            row = UsualVotes(normalised=tag, tag=tag, authors=50, figures=figures)
            row.prior, row.support, row.floor = 0.05, 0.5, 0.3
            session.add(row)
            if decides:
                session.add(VotePermission(normalised=tag, who="ana"))

    return make
