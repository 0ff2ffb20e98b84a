"""A real worker: how long until it is ready, and what it holds in memory after screening."""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from PIL import Image
from sqlalchemy import func, select

from service.config import Config
from service.database import connected
from service.migrations.upgrade import migrate
from service.parts import Parts, make_parts
from service.posts.accept import NewImage, accept
from service.queue import SCREEN, hint
from service.runner import environment
from service.runner.engines import redis_spec, start_postgres, start_redis
from service.runner.run import commands
from service.runner.supervise import start, stop
from service.tables import Post

PATIENCE_SECONDS = 300
# What divides English hashtags is loaded when the first one comes.
STAGES = {
    "photographs without hashtags": (),
    "with English hashtags": ("rainydaycoffee", "sundaymorningrun"),
    "with Korean hashtags too": ("비오는날카페", "주말아침산책", "rainydaycoffee"),
}


@dataclass(frozen=True)
class Memory:
    """Megabytes (2**20 bytes) that are resident.

    ``largest`` is the largest process of the worker by itself, with all that it shares with others
    (resident set size, RSS); ``share`` is the same process with its share of that only, and
    ``whole`` are the shares of all (proportional set size, PSS), so that nothing counts twice.
    ``worked`` is how long the processes have worked by then, in seconds of the processor.
    """

    largest: float
    share: float
    whole: float
    processes: int
    worked: float


@dataclass(frozen=True)
class Worker:
    """What was measured of one worker; ``memory`` is in the order in which it came about.

    Of the seconds until it was ready, some its processes worked (``Memory.worked``); the rest they
    waited, where the machine is busy for their turn.
    """

    seconds_until_ready: float
    memory: dict[str, Memory]


def measure(images: Sequence[Image.Image], photographs: int) -> Worker:
    """Starts PostgreSQL, Redis and a worker as ``make run`` does, and sends photographs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        values = stack.enter_context(_engines(folder))
        config = Config.from_environ(values)
        parts = make_parts(config)
        stack.callback(parts.close)
        command = next(one for one in commands(folder, config) if one.name == "worker")
        started = time.perf_counter()
        process = start(command, {**os.environ, **values})
        stack.callback(stop, [process], 3)
        while not parts.queue.control.ping(timeout=0.1, limit=1):
            _check(process, started)
        ready = time.perf_counter() - started
        memory = {"when ready": _memory(process)}
        for name, tags in STAGES.items():
            _screen(parts, images, photographs, tags, process)
            memory[name] = _memory(process)
        return Worker(ready, memory)


@contextmanager
def _engines(folder: Path) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis with empty tables, and the settings that name them."""
    (folder / "logs").mkdir()
    (folder / "metrics").mkdir()
    postgres = start_postgres(folder / "postgres")
    spec = redis_spec(folder / "redis")
    redis = start_redis(spec, folder / "logs" / "redis.log")
    try:
        with connected(postgres.url) as engine:
            migrate(engine)
        yield environment.settings({}, folder) | {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": spec.url,
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        }
    finally:
        stop([redis], 3)
        postgres.stop()


def _screen(
    parts: Parts,
    images: Sequence[Image.Image],
    photographs: int,
    tags: Sequence[str],
    process: psutil.Process,
) -> None:
    """Has posts of one photograph each screened, and waits for all of them."""
    with parts.sessions.begin() as session:
        rows = [
            accept(
                session,
                Post(
                    external_id=f"{len(tags)}-{number}",
                    revision=1,
                    author_id="u-1",
                    caption="",
                    hashtags=list(tags),
                    posted_at=datetime.now(UTC),
                ),
                [NewImage(url=None, data=_jpeg(images[number % len(images)]))],
            ).post.id
            for number in range(photographs)
        ]
    for row in rows:
        hint(parts.queue, SCREEN, row)
    started = time.perf_counter()
    pending = select(func.count()).select_from(Post).where(Post.state == "pending")
    while True:
        with parts.sessions() as session:
            if not session.scalar(pending):
                return
        _check(process, started)
        time.sleep(0.2)


def _check(process: psutil.Process, started: float) -> None:
    if not process.is_running() or time.perf_counter() - started > PATIENCE_SECONDS:
        raise SystemExit("The worker ended, or did not do its work in time.")


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def _memory(process: psutil.Process) -> Memory:
    processes = _processes(process)
    found = [one.memory_full_info() for one in processes]
    largest = max(found, key=lambda one: one.rss)
    return Memory(
        largest=largest.rss / 2**20,
        share=largest.pss / 2**20,
        whole=sum(one.pss for one in found) / 2**20,
        processes=len(found),
        worked=sum(sum(one.cpu_times()[:2]) for one in processes),
    )


def _processes(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
