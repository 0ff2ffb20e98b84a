from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from service.accounts import create
from service.parts import Parts
from service.tables import User


@pytest.fixture
def session(parts: Parts) -> Iterator[Session]:
    with parts.sessions() as session:
        yield session


@pytest.fixture
def mina(session: Session) -> User:
    return create(session, "mina")[0]
