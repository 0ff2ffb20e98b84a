"""A bundle is promoted while real workers decide a stream of posts, and one of them is killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from benchmarks.chaos import photographs
from benchmarks.chaos.traffic import TAGS, Kind, Platform
from clients.tagsift_client import Tagsift
from service.bundles.reembed import hint_unfinished
from service.commands.root import main
from service.config import Config
from service.parts import Parts, make_parts
from service.queue import Queue
from service.runner.run import worker
from service.runner.supervise import Command, start, stop
from service.screening.sweep import requeue
from tests.conftest import API_KEY, SECRETS
from tests.service.bundles.conftest import Another
from tests.service.web.conftest import environ_of

POSTS = 36
OTHER = "another-network-224-0123456789ab"
PATIENCE_SECONDS = 180

Environ = dict[str, str]


def _other_network(manifest: dict[str, Any]) -> None:
    manifest["embedding_id"] = OTHER


@pytest.fixture
def environ(config: Config) -> Environ:
    return environ_of(config, config.data) | {"PYTHONUNBUFFERED": "1"}


@pytest.fixture
def workers(environ: Environ, tmp_path: Path, clean: None) -> Iterator[list[psutil.Popen]]:
    """Two of the queue of posts; the second also computes stored embeddings again."""
    queues = (Queue.SCREENING.value, f"{Queue.SCREENING},{Queue.UPKEEP}")
    started = [
        start(Command(f"worker-{n}", worker(queue, 1), tmp_path / f"{n}.log"), environ)
        for n, queue in enumerate(queues)
    ]
    yield started
    stop(started, 3)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sweeping(config: Config) -> Iterator[Parts]:
    """What the sweep of this test works with: posts that were given up are queued again soon."""
    made = make_parts(config.model_copy(update={"requeue_after_seconds": 3}))
    yield made
    made.close()


def kill(process: psutil.Popen) -> None:
    """SIGKILL to a worker and its children, the worker first, so that it hands nothing back."""
    for member in (process, *process.children(recursive=True)):
        member.kill()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_post_is_lost_and_none_is_decided_twice(
    another: Another,
    workers: list[psutil.Popen],
    address: str,
    sweeping: Parts,
    environ: Environ,
) -> None:
    """Some posts, a promotion, a kill. Nearly all of the cost is two workers that start."""

    def rows(query: str) -> list[dict[str, Any]]:
        with sweeping.sessions() as session:
            return [dict(row) for row in session.execute(text(query)).mappings()]

    def wait(done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not done():
            assert time.monotonic() < end, "it takes too long"
            requeue(sweeping)
            if not sweeping.redis.llen(Queue.UPKEEP):
                hint_unfinished(sweeping)
            time.sleep(0.5)

    def decided() -> int:
        return int(rows("SELECT count(*) FROM posts WHERE state = 'decided'")[0]["count"])

    def promote(*arguments: str) -> Result:
        return CliRunner(env=environ).invoke(main, ["bundles", "promote", *arguments])

    known = photographs.make(8, Config.model_fields["bundle"].default)
    folder = str(another("other", _other_network))
    with Tagsift(address, SECRETS[0], API_KEY) as tagsift, ThreadPoolExecutor(4) as senders:
        platform = Platform(tagsift, "", known, ())
        sent = [senders.submit(platform.send, number, Kind.SENT) for number in range(POSTS // 2)]
        refused = promote(folder)
        assert refused.exit_code != 0
        assert "--reembed" in refused.output
        wait(lambda: decided() >= POSTS // 4)
        made = promote(folder, "--reembed")
        assert made.exit_code == 0, made.output
        kill(workers[0])
        sent += [
            senders.submit(platform.send, number, Kind.SENT) for number in range(POSTS // 2, POSTS)
        ]
        for one in sent:
            one.result()
    wait(lambda: decided() == POSTS)
    assert len(TAGS) == 4
    once = "SELECT 1 FROM verdicts GROUP BY post_id HAVING count(*) = 4"
    assert len(rows(once)) == POSTS
    counted = rows("SELECT bundle, count(*) AS n FROM posts GROUP BY 1")
    by_bundle = {row["bundle"]: row["n"] for row in counted}
    assert {name.partition("-")[0] for name in by_bundle} == {"starter", "other"}
    assert sum(by_bundle.values()) == POSTS

    lacking = f"SELECT 1 FROM images WHERE id NOT IN (SELECT image_id FROM embeddings WHERE made_by = '{OTHER}')"  # noqa: S608, E501  # our own text
    wait(lambda: not rows(lacking))
    audit = rows("SELECT action FROM audit_log WHERE action LIKE 'bundle.%' ORDER BY id")
    assert [row["action"] for row in audit] == ["bundle.refused", "bundle.promoted"]
