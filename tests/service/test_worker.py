"""A worker's process outlives its broker's troubles."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from service.config import ROOT, Config
from service.queue import REEMBED, Queue, hint, make_queue
from service.runner import environment
from service.runner.engines import RedisSpec, redis_spec, start_redis
from service.runner.run import worker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def broker(own_folder: Callable[[], Path]) -> Iterator[RedisSpec]:
    """A Redis of the test's own, since it is going to refuse."""
    folder = own_folder()
    spec = redis_spec(folder / "redis")
    process = start_redis(spec, folder / "redis.log")
    yield spec
    process.terminate()
    process.wait()


def wait_until(holds: Callable[[], object]) -> None:
    while not holds():
        time.sleep(0.1)


def test_a_broker_that_refuses_writes_is_waited_out(
    config: Config, broker: RedisSpec, tmp_path: Path
) -> None:
    """As when its disk is full; about 15 seconds, most of it a worker that starts."""
    values = environment.settings({"TAGSIFT_DATA": str(tmp_path)}, tmp_path)
    values |= {"REDIS_URL": broker.url, "DATABASE_URL": config.database_url}
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *worker(Queue.UPKEEP, 1)],
            cwd=ROOT,
            env={**os.environ, **values},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    queue = make_queue(config.model_copy(update={"redis_url": broker.url}))
    with Redis.from_url(broker.url) as redis:
        try:
            wait_until(lambda: redis.keys("_kombu.binding.upkeep") or process.poll())
            redis.config_set("min-replicas-to-write", 1)
            wait_until(lambda: b"NOREPLICAS" in log.read_bytes() or process.poll())
            assert not hint(queue, REEMBED, "nobody")
            redis.config_set("min-replicas-to-write", 0)
            assert hint(queue, REEMBED, "nobody")
            wait_until(lambda: redis.llen(Queue.UPKEEP) == 0 or process.poll())
            assert process.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        finally:
            process.terminate()
            process.wait()
            queue.close()


def test_a_machine_that_computes_the_bundle_otherwise_does_not_serve_it(
    config: Config, tmp_path: Path
) -> None:
    """The bundle names the log-odds of one picture; here they are not what the network gives."""
    bundle = Path(shutil.copytree(config.bundle, tmp_path / "bundle"))
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    manifest["canary"][0] += 1
    (bundle / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    said = end_of(bundle, config, tmp_path)
    assert "The worker cannot start. The bundle starter-" in said
    assert "computes the network otherwise than the one it was measured on" in said


def test_a_bundle_that_is_not_there_ends_the_worker_with_the_reason(
    config: Config, tmp_path: Path
) -> None:
    said = end_of(tmp_path / "none", config, tmp_path)
    assert "The worker cannot start." in said
    assert str(tmp_path / "none") in said
    assert "Traceback" not in said


def end_of(bundle: Path, config: Config, tmp_path: Path) -> str:
    """What a worker says that ends at once because of its bundle."""
    values = environment.settings({"TAGSIFT_DATA": str(tmp_path / "data")}, tmp_path / "data")
    values |= {"REDIS_URL": config.redis_url, "DATABASE_URL": config.database_url}
    done = subprocess.run(
        [sys.executable, *worker(Queue.SCREENING, 1)],
        cwd=ROOT,
        env={**os.environ, **values, "TAGSIFT_BUNDLE": str(bundle)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr
