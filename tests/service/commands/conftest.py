"""Commands called as an operator types them, on the engines of the tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from service.commands.root import main
from service.config import Config
from tests.conftest import API_KEY, SECRETS

Call = Callable[..., Result]


@pytest.fixture
def call(config: Config, monkeypatch: pytest.MonkeyPatch) -> Call:
    for name, value in {
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "TAGSIFT_DATA": str(config.data),
        "TAGSIFT_SECRET_KEY": config.secret_key.get_secret_value(),
        "TAGSIFT_WEBHOOK_SECRETS": ",".join(SECRETS),
        "TAGSIFT_API_KEYS": API_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, arguments)
