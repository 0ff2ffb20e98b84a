"""What Prometheus reads, and that operators find it in the documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from service.apikeys.store import make
from service.parts import Parts
from tests.conftest import API_KEY

OURS = "tagsift_"


def names(client: FlaskClient) -> set[str]:
    text = client.get("/metrics").text
    families = text_string_to_metric_families(text)
    ours = {family.name for family in families if family.name.startswith(OURS)}
    return {name for name in ours if not name.endswith("_created")}  # a time stamp of each counter


def test_an_empty_service_has_every_metric(client: FlaskClient) -> None:
    assert names(client) == {
        "tagsift_batch_size",
        "tagsift_callbacks",
        "tagsift_deliveries",
        "tagsift_image_errors",
        "tagsift_menus",
        "tagsift_posts",
        "tagsift_queue_age_seconds",
        "tagsift_screening_failures",
        "tagsift_stage_seconds",
        "tagsift_sweep_failures",
        "tagsift_task_seconds",
        "tagsift_tasks",
    }


ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.mark.parametrize(
    ("environ", "headers", "status"),
    [
        ({}, {}, 200),
        (ELSEWHERE, {}, 401),
        ({}, {"X-Forwarded-For": "198.51.100.7"}, 401),  # by a proxy on this machine
        (ELSEWHERE, {"Authorization": f"Bearer {API_KEY}"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_for_who_has_a_key(
    client: FlaskClient, environ: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", environ_overrides=environ, headers=headers)
    assert answer.status_code == status


def test_metrics_are_for_no_platform(client: FlaskClient, parts: Parts) -> None:
    with parts.sessions.begin() as session:
        _, key = make(session, "web", None, "ada")
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/v1/posts", headers=headers).status_code == 200
    answer = client.get("/metrics", environ_overrides=ELSEWHERE, headers=headers)
    assert answer.status_code == 401


def test_every_metric_is_documented(client: FlaskClient, repository: Path) -> None:
    text = (repository / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in sorted(names(client)) if f"`{name}" not in text] == []
