"""A platform and moderators."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from service.parts import Parts
from tests.service.appeals.platform import Platform
from tests.service.quality.people import Somebody, Team


@pytest.fixture
def platform(client: FlaskClient, bearer: dict[str, str]) -> Platform:
    return Platform(client, bearer)


@pytest.fixture
def person(parts: Parts) -> Callable[[str], Somebody]:
    """``person("mina")``: a moderator; what they answer is sent to the platform."""
    heard = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    return Team(Parts(**(vars(parts) | {"config": heard})), {})
