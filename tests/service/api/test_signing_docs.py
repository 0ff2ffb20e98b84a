"""The signing that the API's page shows gives the signature that the page shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.signing import BytesWebhook


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def vector(page: str) -> dict[str, str]:
    section = page.partition("### To check your signing")[2]
    rows = re.findall(r"^\| `?([\w-]+)`? \| `(.+)` \|$", section, re.MULTILINE)
    return dict(rows[:5])


def _arguments(vector: dict[str, str]) -> list[str]:
    return [vector[name] for name in ("secret", "webhook-id", "webhook-timestamp", "body")]


def _code(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?sign.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def test_the_vector_is_what_the_service_signs(vector: dict[str, str]) -> None:
    secret, identity, timestamp, body = _arguments(vector)
    signed = BytesWebhook(secret).signature(identity, timestamp, body.encode())
    assert signed == vector["webhook-signature"]


def test_python_signs_so(page: str, vector: dict[str, str]) -> None:
    names: dict[str, Any] = {}
    exec(compile(_code(page, "python"), "docs/api.md", "exec"), names)  # noqa: S102  # our own page
    sign: Callable[..., str] = names["sign"]
    secret, identity, timestamp, body = _arguments(vector)
    assert sign(secret, identity, timestamp, body.encode()) == vector["webhook-signature"]


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js on this machine")
def test_javascript_signs_so(page: str, vector: dict[str, str]) -> None:
    script = _code(page, "javascript") + "\nconsole.log(sign(...process.argv.slice(1)))"
    done = subprocess.run(
        ["node", "-e", script, *_arguments(vector)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == vector["webhook-signature"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_the_shell_signs_so(page: str, vector: dict[str, str]) -> None:
    script = _code(page, "sh") + '\nsign "$@"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", *_arguments(vector)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == vector["webhook-signature"]


def test_an_old_delivery_is_refused_although_it_is_signed(
    client: FlaskClient, vector: dict[str, str]
) -> None:
    headers = {name: value for name, value in vector.items() if name.startswith("webhook-")}
    answer = client.post("/v1/posts", data=vector["body"].encode(), headers=headers)
    assert answer.status_code == 401
