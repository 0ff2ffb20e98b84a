"""nginx with our configuration before the real web server."""

from __future__ import annotations

import getpass
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import httpx
import pytest
from werkzeug.serving import make_server

from service.api.schemas import ProblemOut
from service.app import create_app
from service.config import Config
from service.parts import Parts
from service.runner.engines import free_port
from tests.service.web.conftest import PATIENCE_SECONDS, REQUEST_BYTES, Server
from tests.service.web.test_uploads import begin

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx on this machine"),
]

TRIES = 10
Proxy = Callable[..., httpx.Client]


@contextmanager
def running(text: str, folder: Path, port: int) -> Iterator[httpx.Client]:
    """nginx with a configuration, in a folder of its own; who asks it by its name."""
    places = "".join(
        f"{kind}_temp_path {folder}/{kind}; "
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(text.replace("http {", f"http {{ access_log off; {places}", 1))
    own = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; user {getpass.getuser()};"
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(file), "-g", own])
    trusted = ssl.create_default_context(cafile=str(folder / "tagsift.crt"))
    url = f"https://localhost:{port}"
    with httpx.Client(base_url=url, verify=trusted, timeout=PATIENCE_SECONDS) as client:
        for _ in range(600):
            try:
                client.head("/")
            except httpx.TransportError:
                assert process.poll() is None, (folder / "error.log").read_text()
                time.sleep(0.1)
            else:
                break
        yield client
    process.terminate()
    process.wait()


@pytest.fixture
def proxy(repository: Path, tmp_path: Path) -> Iterator[Proxy]:
    """Starts nginx with the configuration of `deploy/`, changed in its addresses only, and in
    further words."""
    text = (repository / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    port, plain = free_port(), free_port()
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *name]
    files = ["-keyout", str(tmp_path / "tagsift.key"), "-out", str(tmp_path / "tagsift.crt")]
    subprocess.run([*made, *files], check=True, capture_output=True)
    addresses = {
        "tagsift.example": "localhost",
        "/etc/nginx/tagsift": f"{tmp_path}/tagsift",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "        listen [::]:80;\n": "",
        "        listen [::]:443 ssl http2;\n": "",
    }
    with ExitStack() as stack:

        def start(service: int, **words: str) -> httpx.Client:
            changed = text
            for old, new in {
                **addresses,
                "127.0.0.1:8080": f"127.0.0.1:{service}",
                **words,
            }.items():
                assert old in changed
                changed = changed.replace(old, new)
            return stack.enter_context(running(changed, tmp_path, port))

        yield start


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert "max-age" in answer.headers["strict-transport-security"]
    told = ProblemOut.model_validate_json(answer.content)
    assert told.status == answer.status_code
    return told.status, told.code


def test_what_the_service_refuses_by_the_headers_is_answered_with_its_reason(
    proxy: Proxy, server: Server, bearer: dict[str, str]
) -> None:
    client, size = proxy(server.port), 30 * 2**20
    path, data = begin(server, bearer, size), b"0" * size
    for _ in range(TRIES):
        assert problem(client.put(f"{path}x", content=data)) == (403, "bad-upload-url")


def test_what_the_proxy_refuses_is_a_problem_to_a_program(proxy: Proxy, server: Server) -> None:
    client = proxy(server.port, **{"client_max_body_size 32m;": "client_max_body_size 1m;"})
    data = b"0" * (REQUEST_BYTES + 1)
    refused = client.post("/v1/posts", content=data)
    assert problem(refused) == (413, "request-entity-too-large")


def test_so_is_a_service_that_is_away(proxy: Proxy) -> None:
    answer = proxy(free_port()).get("/v1/posts")
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["retry-after"].isdigit()


def test_so_are_too_many_requests(proxy: Proxy) -> None:
    client = proxy(free_port(), **{"rate=50r/s": "rate=1r/m", "burst=100": "burst=1"})
    answers = [client.get("/v1/posts") for _ in range(3)]
    assert problem(answers[-1]) == (429, "too-many-requests")
    assert answers[-1].headers["retry-after"].isdigit()


def test_a_form_is_taken_at_another_port_and_its_cookie_stays_with_https(
    proxy: Proxy, config: Config, parts: Parts, clean: None
) -> None:
    settings = {"trusted_proxies": 1, "public_url": "https://localhost"}
    behind = config.model_copy(update=settings)
    app = create_app(behind, replace(parts, config=behind))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        client = proxy(server.port)
        form = client.get("/sign-in")
        assert "; Secure;" in form.headers["set-cookie"]
        [*_, token] = re.findall('name="csrf_token" value="([^"]+)"', form.text)
        given = {"csrf_token": token, "name": "nobody", "password": "not the right one"}
        own = {"Referer": str(client.base_url.join("/sign-in"))}
        assert client.post("/sign-in", data=given, headers=own).status_code == 401
        other = {"Referer": "https://localhost.example/sign-in"}
        assert client.post("/sign-in", data=given, headers=other).status_code == 400
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
