"""The real web server: gunicorn with our settings, on the real engines (some seconds a module)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from service.config import ROOT, Config
from service.runner.engines import free_port
from tests.conftest import API_KEY, SECRETS

REQUEST_BYTES = 2**20
HELD_BYTES = 2 * 2**20
UPLOAD_BYTES = 32 * 2**20
PATIENCE_SECONDS = 60  # of a test's client


@dataclass(frozen=True)
class Server:
    """A running web server and the file of its log."""

    port: int
    log: Path
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def ask(self, raw: bytes) -> bytes:
        """What the server answers to bytes, until it closes the connection."""
        with self.connect() as sock:
            sock.sendall(raw)
            return read_all(sock)


def read_all(sock: socket.socket) -> bytes:
    """Everything until the server closes."""
    answer = b""
    try:
        while data := sock.recv(65536):
            answer += data
    except ConnectionResetError:
        pass
    return answer


def environ_of(config: Config, folder: Path) -> dict[str, str]:
    """The environment of a process of the service with these settings."""
    metrics = folder / "metrics"
    metrics.mkdir(exist_ok=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TAGSIFT_")}
    return clean | {
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "TAGSIFT_DATA": str(folder),
        "TAGSIFT_SECRET_KEY": config.secret_key.get_secret_value(),
        "TAGSIFT_WEBHOOK_SECRETS": ",".join(SECRETS),
        "TAGSIFT_API_KEYS": API_KEY,
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }


def start_server(
    config: Config, folder: Path, **settings: str
) -> tuple[Server, subprocess.Popen[bytes]]:
    """Start gunicorn as the service does and wait until it answers."""
    port, log = free_port(), folder / "web.log"
    environ = environ_of(config, folder) | {"TAGSIFT_PORT": str(port)} | settings
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "service/gunicorn.py", "wsgi:app"],
            cwd=ROOT,
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(port, log, process.pid)
    with httpx.Client() as client:
        for _ in range(600):
            try:
                client.get(f"{server.url}/healthz")
            except httpx.TransportError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            else:
                return server, process
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's data folder."""
    return tmp_path_factory.mktemp("web")


# Of all modules: to start one takes seconds of processor.
@pytest.fixture(scope="session")
def server(config: Config, folder: Path) -> Iterator[Server]:
    """A web server that takes bodies of one megabyte, and holds two at once in each process; and
    uploads of 32, of which each process holds two on disk."""
    server, process = start_server(
        config,
        folder,
        TAGSIFT_REQUEST_BYTES=str(REQUEST_BYTES),
        TAGSIFT_WEB_BODY_BYTES=str(HELD_BYTES),
        TAGSIFT_UPLOAD_BYTES=str(UPLOAD_BYTES),
        TAGSIFT_UPLOAD_SPOOL_BYTES=str(2 * UPLOAD_BYTES),
        TAGSIFT_WEB_STATEMENT_SECONDS="600",  # a test holds a lock for as long as it needs
    )
    yield server
    process.terminate()
    process.wait(timeout=100)
