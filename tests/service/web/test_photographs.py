"""Ten costly photographs at Try it: the web process neither takes nor keeps their memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import psutil
import pytest

from benchmarks import hostile
from service.accounts import create
from service.config import Config
from service.parts import Parts
from tests.service.web.conftest import Server, start_server

pytestmark = pytest.mark.slow

PHOTOGRAPHS = 10
MEGABYTES = 80  # less than two of these photographs take when they are decoded as they are


@pytest.fixture
def server(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A web server of one process, with all threads."""
    server, process = start_server(
        config, tmp_path_factory.mktemp("web"), GUNICORN_CMD_ARGS="--workers 1"
    )
    yield server
    process.terminate()
    process.wait(timeout=100)


def resident(server: Server) -> int:
    """Megabytes of the web process, its decoders not counted."""
    (worker,) = psutil.Process(server.pid).children()
    return int(worker.memory_info().rss) >> 20


def try_it(client: httpx.Client, *photographs: bytes) -> str:
    page = client.get("/try").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    answer = client.post(
        "/try",
        data={"csrf_token": token[1], "hashtags": "카페"},
        files=[("photographs", ("x.jpg", photograph)) for photograph in photographs],
    )
    assert answer.status_code == 200
    return answer.text


def test_what_photographs_took_is_gone_with_them(server: Server, parts: Parts) -> None:
    """Fifteen seconds, nearly all of them for the server and the network to be ready."""
    with parts.sessions.begin() as session:
        _, password = create(session, "mina", "moderator")
    with httpx.Client(base_url=server.url, timeout=100) as client:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
        assert token
        form = {"csrf_token": token[1], "name": "mina", "password": password}
        assert client.post("/sign-in", data=form).status_code == 303
        try_it(client, hostile.png(400, 300))  # loads what any photograph needs
        before = resident(server)
        page = try_it(client, *[hostile.png(4000, 3000)] * PHOTOGRAPHS)
        assert page.count("data:image/jpeg") == PHOTOGRAPHS
        assert resident(server) - before < MEGABYTES
        page = try_it(client, *[hostile.webp(16383, 3906)] * PHOTOGRAPHS)
        assert page.count("opening it takes too much memory") == PHOTOGRAPHS
        assert resident(server) - before < MEGABYTES
