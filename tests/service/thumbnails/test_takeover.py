"""A request whose worker was killed is another's as soon as its short lease is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from service.config import Config
from service.parts import Parts
from service.sweeper import SWEEP_SECONDS
from service.thumbnails import claim
from service.thumbnails.sweep import PATIENCE as QUEUED
from tests.service.receiver import drip, serve
from tests.service.screening.conftest import change
from tests.service.thumbnails.conftest import Asker

ROOT = Path(__file__).parents[3]
PATIENCE = 120.0  # generous: it is waited for conditions, not for times
WORKER = """
import sys
from datetime import timedelta
from service.config import Config
from service.parts import make_parts
from service.thumbnails import claim, make

claim.LEASE = make.LEASE = timedelta(seconds=2)
make.make_thumbnails(make_parts(Config.from_environ()), int(sys.argv[1]))
"""


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@contextmanager
def worker(config: Config, job_id: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is at a request."""
    named = {
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "TAGSIFT_DATA": str(config.data),
        "TAGSIFT_FETCH_ALLOW": "127.0.0.0/8",
        "TAGSIFT_WEBHOOK_SECRETS": ",".join(
            one.get_secret_value() for one in config.webhook_secrets
        ),
        "TAGSIFT_API_KEYS": ",".join(one.get_secret_value() for one in config.api_keys),
        "TAGSIFT_SECRET_KEY": config.secret_key.get_secret_value(),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(job_id)], cwd=ROOT, env={**os.environ, **named}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow  # processes
def test_a_worker_that_is_killed_is_followed_by_another(asker: Asker, parts: Parts) -> None:
    """The first is at a video that drips, and renews its lease until it is killed."""
    asked: list[str] = []

    def slow_then_none(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        if len(asked) == 1:
            drip(request, PATIENCE)
        else:
            request.send_error(404)

    with serve(slow_then_none) as url:
        key = asker.asked(video={"url": f"{url}/a.mp4"})
        with worker(parts.config, asker.row(key).id) as process:
            until(lambda: asked)
            first = asker.row(key).claimed_until
            until(lambda: asker.row(key).claimed_until != first)
            process.send_signal(signal.SIGKILL)
            process.wait()
        allowed = replace(asker, parts=change(parts, fetch_allow="127.0.0.0/8"))
        until(lambda: allowed.make(key))
    told = asker.read(key)
    assert (told["state"], told["error"]["code"]) == ("failed", "http_status")
    assert asker.row(key).attempts == 2


def test_a_lease_is_over_within_half_a_minute_of_a_workers_death() -> None:
    """The sweep hints again what nobody holds and was queued a while ago."""

    assert claim.LEASE.total_seconds() + SWEEP_SECONDS <= 30
    assert QUEUED <= claim.LEASE
