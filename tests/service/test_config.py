"""Settings: typed, frozen, and explained by name where they are wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from service.config import Config, ConfigError, variable
from service.signing import BytesWebhook

BOUND = (
    "from gunicorn.util import parse_address; from service.gunicorn import bind; "
    "print(*parse_address(bind))"
)
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


def test_a_secret_without_padding_is_taken_as_the_library_takes_it() -> None:
    config = Config.from_environ(ENVIRON | {"TAGSIFT_WEBHOOK_SECRETS": "whsec_YQ"})
    [secret] = config.webhook_secrets
    assert BytesWebhook(secret.get_secret_value()).signature("i", "1", b"x") == (
        BytesWebhook("whsec_YQ==").signature("i", "1", b"x")
    )


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
        # Nothing could be signed, or only with what is left where base64's letters are taken.
        ("TAGSIFT_WEBHOOK_SECRETS", "whsec_", "then base64"),
        ("TAGSIFT_WEBHOOK_SECRETS", "whsec_YQ==,whsec_!!", "then base64"),
        ("TAGSIFT_WEBHOOK_SECRETS", "whsec_Y", "then base64"),
        ("TAGSIFT_CALLBACK_URL", "platform.example/told", "needs an address such as"),
        ("TAGSIFT_CALLBACK_URL", "http://[", "needs an address such as"),
        ("TAGSIFT_PUBLIC_URL", "ftp://tagsift.example", "needs an address such as"),
        ("TAGSIFT_PUBLIC_URL", "https://tagsift.example:port", "needs an address such as"),
        ("REDIS_URL", "127.0.0.1:6379", "REDIS_URL is wrong: .* needs an address such as redis://"),
        ("TAGSIFT_IMAGES_URL", "foo://bucket/folder", "Protocol not known: foo"),
        # Each machine would keep its photographs in a folder of its own.
        ("TAGSIFT_IMAGES_URL", "s3:bucket", "needs a folder, or a URL such as s3://bucket/folder"),
        ("TAGSIFT_IMAGES_URL", "S3:/bucket/folder", "needs a folder, or a URL such as s3://"),
        ("TAGSIFT_IMAGES_URL", "s3://", "needs a folder, or a URL such as s3://bucket/folder"),
        ("TAGSIFT_SIGNIN_LIMIT", "ten a minute", "needs a limit such as 10 per minute"),
        ("TAGSIFT_SIGNIN_ADDRESS_LIMIT", "0 per minute", "needs a limit such as 10 per minute"),
        ("TAGSIFT_LOG_LEVEL", "LOUD", "needs one of DEBUG, INFO"),
        # PostgreSQL takes less than half a millisecond for no limit, and refuses 25 days and more.
        ("TAGSIFT_WEB_STATEMENT_SECONDS", "0.0001", "TAGSIFT_WEB_STATEMENT_SECONDS is wrong"),
        ("TAGSIFT_WEB_STATEMENT_SECONDS", "1e9", "TAGSIFT_WEB_STATEMENT_SECONDS is wrong"),
        ("TAGSIFT_WORKER_STATEMENT_SECONDS", "inf", "TAGSIFT_WORKER_STATEMENT_SECONDS is wrong"),
        # No date is so long ago.
        ("TAGSIFT_KEEP_CALLBACK_DAYS", "1000000", "TAGSIFT_KEEP_CALLBACK_DAYS is wrong"),
        ("TAGSIFT_KEEP_EMBEDDING_DAYS", "1000000", "TAGSIFT_KEEP_EMBEDDING_DAYS is wrong"),
        ("TAGSIFT_KEEP_INTERACTION_DAYS", "1000000", "TAGSIFT_KEEP_INTERACTION_DAYS is wrong"),
        ("TAGSIFT_SESSION_HOURS", "inf", "TAGSIFT_SESSION_HOURS is wrong"),
        ("TAGSIFT_SESSION_IDLE_MINUTES", "inf", "TAGSIFT_SESSION_IDLE_MINUTES is wrong"),
        ("TAGSIFT_CALLBACK_HOURS", "inf", "TAGSIFT_CALLBACK_HOURS is wrong"),
        ("TAGSIFT_CALLBACK_SECONDS", "inf", "TAGSIFT_CALLBACK_SECONDS is wrong"),
        ("TAGSIFT_REQUEUE_AFTER_SECONDS", "inf", "TAGSIFT_REQUEUE_AFTER_SECONDS is wrong"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Config.from_environ(ENVIRON | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TAGSIFT_CALLBACK_URL", "http://user:word@[::1]:8123/told?by=tagsift"),
        ("TAGSIFT_PUBLIC_URL", "https://platform.example/tagsift"),
        ("TAGSIFT_SIGNIN_LIMIT", "3/2minutes"),
        ("TAGSIFT_IMAGES_URL", "s3://bucket/folder"),
        ("TAGSIFT_IMAGES_URL", "/srv/images"),
        ("TAGSIFT_IMAGES_URL", "file:/srv/images"),
        ("TAGSIFT_IMAGES_URL", "file:///srv/images"),
        ("TAGSIFT_IMAGES_URL", "./images:old"),
        ("TAGSIFT_LOG_LEVEL", "warning"),
        ("TAGSIFT_KEEP_EMBEDDING_DAYS", "36500"),
    ],
)
def test_what_a_setting_may_say(name: str, value: str) -> None:
    config = Config.from_environ(ENVIRON | {name: value})
    field = name.removeprefix("TAGSIFT_").lower()
    assert str(getattr(config, field)) == value


@pytest.mark.parametrize("host", ["::1", "::", "127.0.0.1", "localhost"])
def test_gunicorn_binds_the_host_that_links_name(host: str, repository: Path) -> None:
    """Also an IPv6 address, whose colons are not the port's."""
    environ = {**os.environ, **ENVIRON, "TAGSIFT_HOST": host, "TAGSIFT_PORT": "8123"}
    said = subprocess.run(
        [sys.executable, "-c", BOUND], cwd=repository, env=environ, text=True, stdout=-1, check=True
    ).stdout
    assert said.split() == [host, "8123"]
    config = Config.from_environ(environ)
    assert (urlsplit(config.base_url).hostname, urlsplit(config.base_url).port) == (host, 8123)


def test_nothing_secret_is_printed() -> None:
    assert "whsec_YQ" not in repr(Config.from_environ(ENVIRON))


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Config.from_environ(ENVIRON).port = 1  # type: ignore[misc]  # what is tested


def test_every_setting_is_documented(repository: Path) -> None:
    text = (repository / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [n for n in Config.model_fields if f"`{variable(n)}`" not in text]
    assert missing == []
