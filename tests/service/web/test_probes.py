"""A supervisor's question is answered while every thread waits for a database that hangs."""

from __future__ import annotations

import select
import time
from contextlib import ExitStack

import httpx
import pytest
from sqlalchemy import text

from service.parts import Parts
from tests.service.web.conftest import PATIENCE_SECONDS, Server

pytestmark = pytest.mark.slow

THREADS = 16  # of both processes
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'posts'::regclass")


def test_alive_while_every_thread_waits(
    server: Server, parts: Parts, bearer: dict[str, str]
) -> None:
    lines = ("GET /v1/posts/p-1 HTTP/1.1", "Host: 127.0.0.1", *map(": ".join, bearer.items()))
    ask = "\r\n".join([*lines, "", ""]).encode()
    with ExitStack() as stack:
        holder = stack.enter_context(parts.sessions.begin())
        holder.execute(text("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE"))
        waiting = []
        while holder.scalar(WAITING) < THREADS:  # one process may take more of them than the other
            waiting.append(stack.enter_context(server.connect()))
            waiting[-1].sendall(ask)
            time.sleep(0.02)
        answer = httpx.get(f"{server.url}/healthz", timeout=PATIENCE_SECONDS)
        assert answer.json() == {"status": "alive"}
        assert not select.select(waiting, [], [], 0)[0]  # it overtook them all
