"""Posts sent while everything fails: `python -m benchmarks.storm --posts 1000`.

A real service on its own engines; the worker is killed, Redis flushed and restarted, PostgreSQL
restarted, all while posts arrive. What is counted at the end is read from the database and from the
receiver of the callbacks.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import operator
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import psutil
from PIL import Image
from redis import Redis
from sqlalchemy import Engine, text
from tenacity import retry, retry_if_result, stop_after_delay, wait_fixed

from service.database import connected
from service.migrations.upgrade import migrate
from service.runner import environment
from service.runner.engines import (
    Postgres,
    RedisSpec,
    free_port,
    redis_spec,
    start_postgres,
    start_redis,
)
from service.runner.run import commands
from service.runner.supervise import start, stop
from service.signing import BytesWebhook, as_text
from tests.service.receiver import Receiver, serve

TAGS = ["카페", "ootd", "바다", "일상"]


@dataclass(frozen=True)
class Report:
    """What was left when the storm was over. Every count but the last four must equal ``posts``."""

    posts: int
    decided: int
    with_each_verdict_once: int
    with_one_delivery: int
    with_a_callback: int
    callbacks: int
    callbacks_with_another_body: int
    given_to_a_person_after_failures: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing decided twice, everybody told."""
        counts = (
            self.decided,
            self.with_each_verdict_once,
            self.with_one_delivery,
            self.with_a_callback,
        )
        return set(counts) == {self.posts} and not self.callbacks_with_another_body


class Storm:
    """A service in a folder of its own, and the ways in which it is hurt."""

    def __init__(self, folder: Path, secret: str, callback_url: str, stack: ExitStack) -> None:
        self._folder = folder
        (folder / "logs").mkdir(parents=True)
        (folder / "metrics").mkdir()
        self.postgres: Postgres = start_postgres(folder / "postgres")
        stack.callback(lambda: self.postgres.stop())
        self._spec: RedisSpec = redis_spec(folder / "redis")
        self._redis = self._start_redis()
        stack.callback(lambda: stop([self._redis], 3))
        self.values = environment.settings({}, folder) | {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self._spec.url,
            "TAGSIFT_PORT": str(free_port()),
            "TAGSIFT_CALLBACK_URL": callback_url,
            "TAGSIFT_WEBHOOK_SECRETS": secret,
            "TAGSIFT_REQUEUE_AFTER_SECONDS": "3",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        }
        with connected(self.postgres.url) as engine:
            migrate(engine)
        self._commands = {command.name: command for command in commands(folder)}
        self._running = {name: self._start(name) for name in self._commands}
        stack.callback(lambda: stop(list(self._running.values()), 3))

    @property
    def base_url(self) -> str:
        """Where the web server listens."""
        return f"http://127.0.0.1:{self.values['TAGSIFT_PORT']}"

    def kill_worker(self) -> None:
        """SIGKILL to the worker and its children, at whatever line they are; then a new one."""
        worker = self._running["worker"]
        for process in [worker, *worker.children(recursive=True)]:
            process.kill()
        worker.wait()
        self._running["worker"] = self._start("worker")

    def flush_redis(self) -> None:
        """Everything in the broker is gone."""
        with Redis.from_url(self._spec.url) as client:
            client.flushall()

    def restart_redis(self) -> None:
        """The broker is away for a second."""
        self._redis.terminate()
        self._redis.wait()
        time.sleep(1)
        self._redis = self._start_redis()

    def restart_postgres(self) -> None:
        """The database is away for a second; every connection breaks."""
        self.postgres.stop()
        time.sleep(1)
        self.postgres = start_postgres(self._folder / "postgres")

    def _start(self, name: str) -> psutil.Popen:
        return start(self._commands[name], {**os.environ, **self.values})

    def _start_redis(self) -> psutil.Popen:
        return start_redis(self._spec, self._folder / "logs" / "redis.log")


def photograph(seed: int) -> str:
    """A small JPEG in base64."""
    pixels = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((160, 120)).save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


def send(storm: Storm, number: int) -> None:
    """Send one post as a platform would: again and again until it is taken."""
    post = {
        "id": f"storm-{number}",
        "author": {"id": "u-1"},
        "hashtags": TAGS,
        "created_at": datetime.now(UTC).isoformat(),
        "images": [{"base64": photograph(number)}],
    }
    body = json.dumps(post).encode()
    webhook = BytesWebhook(storm.values["TAGSIFT_WEBHOOK_SECRETS"])

    @retry(retry=retry_if_result(operator.not_), wait=wait_fixed(0.5), stop=stop_after_delay(120))
    def attempt() -> bool:
        now, identity = datetime.now(UTC), f"msg_{uuid.uuid4().hex}"
        headers = {
            "content-type": "application/json",
            "webhook-id": identity,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": webhook.sign(identity, now, as_text(body)),
        }
        try:
            url = f"{storm.base_url}/v1/posts"
            response = httpx.post(url, content=body, headers=headers, timeout=10)
        except httpx.TransportError:
            return False
        if response.is_client_error:
            raise ValueError(response.text)
        return response.status_code == 202

    attempt()


def run(
    posts: int, worker_kills: int, redis: bool, postgres: bool, patience_seconds: float
) -> Report:
    """Send posts, hurt the service meanwhile, wait until it is at rest, and count."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        secret = environment.webhook_secret()
        receiver = Receiver(secret)
        url = stack.enter_context(serve(post=receiver))
        storm = Storm(folder / "data", secret, url, stack)
        began = time.monotonic()
        blows: list[Callable[[], None]] = [storm.kill_worker] * worker_kills
        blows += [storm.flush_redis, storm.restart_redis] if redis else []
        blows += [storm.restart_postgres] if postgres else []
        blows = blows[::2] + blows[1::2]  # mixed, and the same each time
        done = threading.Event()
        with ThreadPoolExecutor(8) as senders, ThreadPoolExecutor(1) as wind:
            hurting = wind.submit(_hurt, blows, storm, posts, done)
            list(senders.map(lambda number: send(storm, number), range(posts)))
            done.set()
            hurting.result()
        _wait_for_rest(storm, patience_seconds)
        return _count(storm, receiver, posts, time.monotonic() - began)


def _hurt(blows: list[Callable[[], None]], storm: Storm, posts: int, done: threading.Event) -> None:
    """Strike each time another share of the posts has arrived."""
    for number, blow in enumerate(blows):
        share = posts * (number + 1) / (len(blows) + 1)
        while not done.is_set() and _scalar(storm, "SELECT count(*) FROM posts") < share:
            time.sleep(0.1)
        blow()


def _wait_for_rest(storm: Storm, patience_seconds: float) -> None:
    owed = (
        "SELECT (SELECT count(*) FROM posts WHERE state = 'pending')"
        " + (SELECT count(*) FROM deliveries WHERE state = 'pending')"
    )
    end = time.monotonic() + patience_seconds
    while time.monotonic() < end and _scalar(storm, owed):
        time.sleep(0.5)


def _count(storm: Storm, receiver: Receiver, posts: int, seconds: float) -> Report:
    bodies: dict[str, set[str]] = {}
    for body in receiver.bodies:
        content = json.dumps(body["data"], sort_keys=True)
        bodies.setdefault(body["data"]["id"], set()).add(content)
    return Report(
        posts=posts,
        decided=_scalar(storm, "SELECT count(*) FROM posts WHERE state = 'decided'"),
        with_each_verdict_once=_scalar(
            storm,
            "SELECT count(*) FROM (SELECT post_id FROM verdicts GROUP BY post_id"
            " HAVING count(*) = 4 AND count(DISTINCT position) = 4) AS whole",
        ),
        with_one_delivery=_scalar(
            storm,
            "SELECT count(*) FROM (SELECT post_id FROM deliveries GROUP BY post_id"
            " HAVING count(*) = 1) AS once",
        ),
        with_a_callback=len(bodies),
        callbacks=sum(receiver.ids.values()),
        callbacks_with_another_body=sum(len(seen) > 1 for seen in bodies.values()),
        given_to_a_person_after_failures=_scalar(
            storm, "SELECT count(*) FROM posts WHERE reason->>'en' LIKE '%several times%'"
        ),
        seconds=round(seconds, 1),
    )


def _scalar(storm: Storm, query: str) -> int:
    """A number from the database; while it is away, a very small one."""
    try:
        with connected(storm.postgres.url) as engine:
            return _ask(engine, query)
    except Exception:  # it is being restarted
        return -1


def _ask(engine: Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def table(report: Report) -> str:
    """The report as Markdown."""
    rows: Mapping[str, object] = asdict(report)
    lines = [f"| {name.replace('_', ' ')} | {value} |" for name, value in rows.items()]
    return "\n".join(["| | |", "| --- | --- |", *lines])


def main() -> int:
    """Run the storm and print the table; exit 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=5, help="times the worker is killed")
    parser.add_argument("--patience", type=float, default=300, help="seconds to come to rest")
    chosen = parser.parse_args()
    report = run(chosen.posts, chosen.kills, True, True, chosen.patience)
    print(table(report))
    return 0 if report.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
