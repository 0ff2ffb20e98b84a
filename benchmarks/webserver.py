"""A real web server with PostgreSQL and Redis, for figures of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.config import ROOT
from service.database import connected
from service.migrations.upgrade import migrate
from service.runner.engines import free_port, redis_spec, start_postgres, start_redis
from service.runner.environment import webhook_secret


@dataclass(frozen=True)
class WebServer:
    """Where it is, what a platform needs to talk to it, and its process."""

    url: str
    secret: str
    api_key: str
    pid: int


def start(folder: Path, stack: ExitStack) -> WebServer:
    """Start all of it with its data in a folder; it ends with the stack."""
    postgres = start_postgres(folder / "postgres")
    stack.callback(postgres.stop)
    spec = redis_spec(folder / "redis")
    redis = start_redis(spec, folder / "redis.log")
    stack.callback(redis.terminate)
    with connected(postgres.url) as engine:
        migrate(engine)
    (folder / "metrics").mkdir()
    port, secret, key = free_port(), webhook_secret(), secrets.token_hex()
    environ = {
        "DATABASE_URL": postgres.url,
        "REDIS_URL": spec.url,
        "TAGSIFT_DATA": str(folder),
        "TAGSIFT_PORT": str(port),
        "TAGSIFT_SECRET_KEY": secrets.token_hex(),
        "TAGSIFT_WEBHOOK_SECRETS": secret,
        "TAGSIFT_API_KEYS": key,
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
    }
    log = stack.enter_context((folder / "web.log").open("ab"))
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "service/gunicorn.py", "wsgi:app"],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    stack.callback(server.wait)
    stack.callback(server.terminate)
    url = f"http://127.0.0.1:{port}"
    while True:
        try:
            httpx.get(f"{url}/readyz", timeout=60)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return WebServer(url, secret, key, server.pid)
