"""A console with a full queue, on engines of its own."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from PIL import Image, ImageEnhance
from redis import Redis
from sqlalchemy import func, select

from service.accounts import create
from service.config import Config
from service.database import connected
from service.migrations.upgrade import migrate
from service.parts import Parts, make_parts
from service.runner import environment
from service.runner.engines import free_port, redis_spec, start_postgres, start_redis
from service.runner.run import commands
from service.runner.supervise import start, stop
from service.tables import Case, Review
from tests.service.console.rows import add_post

PHOTOS = Path(__file__).resolve().parent.parent.parent / "demo" / "photos"
SETTINGS = {
    "TAGSIFT_DOUBLE_SHARE": "0",  # each post is to be answered once
    "TAGSIFT_CONTROL_SHARE": "0",
    "TAGSIFT_SIGNIN_LIMIT": "1000 per minute",
}


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in."""

    name: str
    password: str


@dataclass(frozen=True)
class Console:
    """A running web server, its database, and who may sign in."""

    address: str
    parts: Parts
    accounts: Sequence[Account]
    processes: Sequence[psutil.Process]

    def cpu_seconds(self) -> float:
        """Processor time that the web server, PostgreSQL and Redis used so far."""
        total = 0.0
        for process in self.processes:
            for one in [process, *process.children(recursive=True)]:
                spent = one.cpu_times()
                # Of children that ended, the parent keeps the account.
                total += spent.user + spent.system + spent.children_user + spent.children_system
        return total

    def settled(self) -> Counter[int]:
        """How often each post was settled."""
        with self.parts.sessions() as session:
            return Counter(session.scalars(select(Review.post_id)))

    def waiting(self) -> int:
        """How many cases are open."""
        with self.parts.sessions() as session:
            return session.scalar(select(func.count()).where(Case.closed_at.is_(None))) or 0


@contextmanager
def console(folder: Path, posts: int, moderators: int, **settings: str) -> Iterator[Console]:
    """Start the engines and the web server, with so many flagged posts and so many accounts."""
    with ExitStack() as stack:
        (folder / "logs").mkdir(parents=True)
        (folder / "metrics").mkdir()
        postgres = start_postgres(folder / "postgres")
        stack.callback(postgres.stop)
        spec = redis_spec(folder / "redis")
        redis = start_redis(spec, folder / "logs" / "redis.log")
        stack.callback(stop, [redis], 3)
        values = environment.settings({}, folder) | {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": spec.url,
            "TAGSIFT_PORT": str(free_port()),
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
            **SETTINGS,
            **settings,
        }
        with connected(postgres.url) as engine:
            migrate(engine)
        config = Config.from_environ(values)
        parts = make_parts(config)
        accounts = _fill(parts, posts, moderators)
        web = next(command for command in commands(folder, config) if command.name == "web")
        server = start(web, {**os.environ, **values})
        stack.callback(stop, [server], 5)
        with Redis.from_url(spec.url) as client:
            client.ping()
        processes = [server, psutil.Process(postgres.pid), redis]
        yield Console(config.base_url, parts, accounts, processes)


def _fill(parts: Parts, posts: int, moderators: int) -> list[Account]:
    photographs = _photographs()
    for number in range(posts):
        add_post(
            parts,
            f"p-{number:05}",
            {"카페": "irrelevant", "일상": "unverifiable", "ootd": "relevant"},
            (photographs[number % len(photographs)],),
            reach=number,
            author_id=f"u-{number}",
        )
    made = []
    with parts.sessions.begin() as session:
        for number in range(moderators):
            user, password = create(session, f"moderator-{number}")
            made.append(Account(user.name, password))
    return made


def _photographs() -> list[bytes]:
    """The demo's photographs at the size in which they are kept, a few shades of each."""
    made = []
    for path in sorted(PHOTOS.glob("*.jpg")):
        with Image.open(path) as image:
            image.thumbnail((1280, 1280))
            for shade in (0.8, 1.0, 1.2):
                kept = io.BytesIO()
                ImageEnhance.Brightness(image.convert("RGB")).enhance(shade).save(kept, "JPEG")
                made.append(kept.getvalue())
    return made
