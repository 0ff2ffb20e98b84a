"""Settings: typed, frozen, and explained by name where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.config import Config, ConfigError, variable

ENVIRON = {
    "DATABASE_URL": "postgresql:///tagsift",
    "REDIS_URL": "redis://127.0.0.1/0",
    "TAGSIFT_SECRET_KEY": "k",
    "TAGSIFT_WEBHOOK_SECRETS": "whsec_YQ==, whsec_Yg==",
    "TAGSIFT_API_KEYS": "one,two",
}


def test_lists_are_separated_by_commas() -> None:
    config = Config.from_environ(ENVIRON)
    assert [s.get_secret_value() for s in config.webhook_secrets] == ["whsec_YQ==", "whsec_Yg=="]
    assert len(config.api_keys) == 2


def test_networks_are_read_as_networks() -> None:
    config = Config.from_environ(ENVIRON | {"TAGSIFT_FETCH_ALLOW": "10.1.0.0/16,::1/128"})
    assert [str(network) for network in config.fetch_allow] == ["10.1.0.0/16", "::1/128"]


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Config.from_environ(ENVIRON | {"TAGSIFT_PORT": ""}).port == 8080


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TAGSIFT_PORT", "eighty", "TAGSIFT_PORT is wrong"),
        ("TAGSIFT_PORT", "70000", "TAGSIFT_PORT is wrong"),
        ("TAGSIFT_WEBHOOK_SECRETS", "secret", "each starting with whsec_"),
        ("TAGSIFT_CALLBACK_HOURS", "1", "TAGSIFT_CALLBACK_HOURS is wrong"),
        ("TAGSIFT_FETCH_ALLOW", "everywhere", "TAGSIFT_FETCH_ALLOW is wrong"),
        ("DATABASE_URL", "", "DATABASE_URL is not set: set it, or run `make run` once"),
        ("TAGSIFT_AUDIT_SHARE", "0.1", "TAGSIFT_SPOT_CHECK_SHARE"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Config.from_environ(ENVIRON | {name: value})


def test_nothing_secret_is_printed() -> None:
    assert "whsec_YQ" not in repr(Config.from_environ(ENVIRON))


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Config.from_environ(ENVIRON).port = 1  # type: ignore[misc]  # what is tested


def test_every_setting_is_documented(repository: Path) -> None:
    text = (repository / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [n for n in Config.model_fields if f"`{variable(n)}`" not in text]
    assert missing == []
