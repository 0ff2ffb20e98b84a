"""Moderators, and what the tests of cases do again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts import create
from service.parts import Parts
from service.tables import Case, User

LEASE = timedelta(minutes=2)
URL = "https://platform.example/callback"

NewUser = Callable[..., User]


@pytest.fixture
def told(parts: Parts) -> Parts:
    """The parts of a service that tells a platform."""
    return replace(parts, config=parts.config.model_copy(update={"callback_url": URL}))


@pytest.fixture
def session(parts: Parts) -> Iterator[Session]:
    with parts.sessions() as session:
        yield session


@pytest.fixture
def mina(session: Session) -> User:
    return create(session, "mina")[0]


@pytest.fixture
def ada(session: Session) -> User:
    return create(session, "ada")[0]


def case_of(session: Session, post_id: int, kind: str = "review") -> Case:
    """The newest case of a post."""
    query = select(Case).where(Case.post_id == post_id, Case.kind == kind)
    return session.scalars(query.order_by(Case.id.desc())).all()[0]
