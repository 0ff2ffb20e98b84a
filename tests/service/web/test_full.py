"""More connections than a process may have files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit, prlimit, setrlimit

import httpx
import psutil
import pytest

from service.config import Config
from tests.service.web.conftest import PATIENCE_SECONDS, start_server

pytestmark = pytest.mark.slow
USUAL = 1024  # most systems allow so many, unless a process asks for more
MANY = 200
CRASH = "Exception in worker process"


@contextmanager
def usual_limit() -> Iterator[int]:
    """As a service is started elsewhere; yields what it may ask for."""
    soft, hard = getrlimit(RLIMIT_NOFILE)
    setrlimit(RLIMIT_NOFILE, (min(USUAL, hard), hard))
    try:
        yield hard
    finally:
        setrlimit(RLIMIT_NOFILE, (soft, hard))


def test_connections_end_no_process(config: Config, tmp_path: Path) -> None:
    """Each process used to end with all that it was at, again and again."""
    with usual_limit() as hard:
        server, started = start_server(config, tmp_path)
    try:
        processes = psutil.Process(server.pid).children()
        for process in processes:
            assert process.rlimit(psutil.RLIMIT_NOFILE)[0] >= min(2000, hard)
            least = process.num_fds() + MANY // 4  # where even the machine has no more
            prlimit(process.pid, RLIMIT_NOFILE, (least, least))
        with ExitStack() as stack:
            for _ in range(MANY):
                stack.enter_context(server.connect())
            while CRASH not in server.log.read_text():
                if all(one.num_fds() >= one.rlimit(RLIMIT_NOFILE)[0] for one in processes):
                    break
                time.sleep(0.1)
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE_SECONDS).status_code == 200
        assert CRASH not in server.log.read_text()
        assert psutil.Process(server.pid).children() == processes
    finally:
        started.terminate()
        started.wait(timeout=100)
