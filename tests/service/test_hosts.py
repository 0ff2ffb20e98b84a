"""The service answers to its own names."""

from __future__ import annotations

import dataclasses

import pytest

from service.app import create_app
from service.parts import Parts


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({}, "127.0.0.1:8080", 302),
        ({}, "localhost", 302),
        ({}, "rebound.example", 400),
        ({}, "127.0.0.1:8080\xff", 400),
        ({}, "a b", 400),
        ({}, "[::1", 400),
        ({}, "", 400),
        ({"public_url": "https://tagsift.example"}, "Tagsift.Example:443", 302),
        ({"public_url": "https://tagsift.example"}, "127.0.0.1", 302),
        ({"public_url": "https://tagsift.example"}, "10.0.0.4:8080", 400),
        ({"host": "0.0.0.0"}, "web:8080", 302),  # noqa: S104  # a container's, without a public name
        ({"host": "0.0.0.0"}, "web:8080/evil", 400),  # noqa: S104
    ],
)
def test_a_request_for_another_host_is_refused(
    parts: Parts, settings: dict[str, str], host: str, status: int
) -> None:
    config = parts.config.model_copy(update=settings)
    client = create_app(config, dataclasses.replace(parts, config=config)).test_client()
    answer = client.get("/posts", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == status


def test_machines_ask_by_address(parts: Parts) -> None:
    config = parts.config.model_copy(update={"public_url": "https://tagsift.example"})
    client = create_app(config, dataclasses.replace(parts, config=config)).test_client()
    answer = client.get("/healthz", environ_overrides={"HTTP_HOST": "10.0.0.4:8080"})
    assert answer.status_code == 200
