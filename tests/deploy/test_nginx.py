"""The proxy's configuration fits the service, and nginx takes it where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from service.config import Config


@pytest.fixture
def text(repository: Path) -> str:
    return (repository / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def test_the_proxy_takes_bodies_as_large_as_the_service_does(text: str, config: Config) -> None:
    found = re.search(r"client_max_body_size (\d+)m; # TAGSIFT_REQUEST_BYTES", text)
    assert found
    assert int(found[1]) * 2**20 == config.request_bytes


def test_the_proxy_takes_uploads_as_large_and_keeps_none_of_them(text: str, config: Config) -> None:
    place = re.search(r"location ~ (\S+) \{([^}]*)\}", text)
    assert place
    assert re.fullmatch(place[1], f"/v1/uploads/{'0f' * 16}/content")
    assert not re.match(place[1], f"/v1/uploads/{'0f' * 16}")
    largest = re.search(r"client_max_body_size (\d+)m; # TAGSIFT_UPLOAD_BYTES", place[2])
    assert largest
    assert int(largest[1]) * 2**20 == config.upload_bytes
    assert "proxy_request_buffering off;" in place[2]


def test_the_proxy_closes_what_is_idle_before_the_service_does(text: str, repository: Path) -> None:
    # Else a request may come just as the service closes, and is answered with 502.
    server = (repository / "service" / "gunicorn.py").read_text(encoding="utf-8")
    upstream = text[text.index("upstream tagsift {") : text.index("server {")]
    ours = re.search(r"keepalive_timeout (\d+)s;", upstream)
    theirs = re.search(r"^keepalive = (\d+)$", server, re.MULTILINE)
    assert ours
    assert theirs
    assert int(ours[1]) < int(theirs[1])


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx on this machine")
def test_nginx_takes_it(text: str, tmp_path: Path) -> None:
    certificate, key = tmp_path / "tagsift.crt", tmp_path / "tagsift.key"
    name = ["-subj", "/CN=tagsift.example", "-days", "1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *name]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True)
    file = tmp_path / "nginx.conf"
    file.write_text(text.replace("/etc/nginx/tagsift", str(tmp_path / "tagsift")))
    subprocess.run(["nginx", "-t", "-p", str(tmp_path), "-c", str(file)], check=True)
