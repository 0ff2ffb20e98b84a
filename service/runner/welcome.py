"""The first minutes of a new service: an account, the demo posts, and what to do next."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from sqlalchemy import exists, select

from service import accounts
from service.config import ROOT, Config
from service.database import connected, make_sessions
from service.kinds import netloc
from service.runner.environment import FILE
from service.runner.supervise import Stopped
from service.tables import Post, User

FIRST_NAME = "moderator"
PATIENCE_SECONDS = 90.0  # a start that takes longer is worth a line


def first_account(config: Config) -> str | None:
    """Create the first account of the console.

    Returns:
        its password, to be shown once, or None where somebody has an account already.
    """
    with connected(config.database_url) as engine, make_sessions(engine).begin() as session:
        if session.scalar(select(exists().where(User.id.is_not(None)))):
            return None
        _, password = accounts.create(session, FIRST_NAME, "admin")
        return password


def greet(
    config: Config, password: str | None, stopped: Stopped, say: Callable[[str], None]
) -> None:
    """Wait until the service is ready, send the demo posts to a new one, say what to do next."""
    if not wait_until_ready(_local(config), config.data / "logs", stopped, say):
        return
    if config.demo and _is_empty(config):
        _send_demo(config, say)
    if not stopped.is_set():
        say(message(config, password))


def wait_until_ready(
    address: str,
    logs: Path,
    stopped: Stopped,
    say: Callable[[str], None],
    patience: float = PATIENCE_SECONDS,
) -> bool:
    """Wait until the service at ``address`` is ready, however long it takes.

    Args:
        logs: where the processes write; named if the start takes longer than ``patience`` seconds.
        stopped: set when the service is stopped, or when one of its processes has exited.

    Returns:
        False if the service was stopped before it was ready.
    """
    named = time.monotonic() + patience
    with httpx.Client(timeout=5) as client:  # to make one costs 30 ms of processor
        while not stopped.is_set():
            try:
                if client.get(f"{address}/readyz").is_success:
                    return True
            except httpx.TransportError:
                pass
            if time.monotonic() >= named:
                say(f"Not ready after {patience:.0f} s. Waiting on; the logs are in {logs}.")
                named = math.inf
            stopped.wait(0.2)
    return False


def _local(config: Config) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104  # compared, not bound
    return f"http://{netloc(host, config.port)}"


def _is_empty(config: Config) -> bool:
    with connected(config.database_url) as engine, make_sessions(engine)() as session:
        return not session.scalar(select(exists().where(Post.id.is_not(None))))


def _send_demo(config: Config, say: Callable[[str], None]) -> None:
    say("Sending the demo posts through the webhook …")
    client = [sys.executable, "clients/tagsift_client.py", "--env", str(config.data / FILE)]
    sent = subprocess.run(  # noqa: S603  # our own script
        [*client, "send", "demo/posts.jsonl", "--wait"], cwd=ROOT, check=False
    )
    if sent.returncode:
        say("The demo posts were not all screened; the lines above say why.")
    env = ["--env", str(config.data / FILE)]
    catalogue = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "demo.catalogue", *env], cwd=ROOT, check=False
    )
    if catalogue.returncode:
        say("The demo's catalogue was not sent; the lines above say why.")


def message(config: Config, password: str | None) -> str:
    """What to do next. A start that ended before it was ready made an account and showed nobody
    its password, so the way to another one is always told.
    """
    lines = ["", f"Tagsift is ready: {config.base_url}", ""]
    if password:
        lines += [
            f"  Sign in as     {FIRST_NAME}",
            f"  with password  {password}",
            "  It is shown this once; `make password` makes a new one.",
            "",
        ]
    else:
        lines += ["  Password       lost or never seen: `make password` makes a new one", ""]
    lines += [
        f"  Try it         {config.base_url}/try",
        f"  Watch          {config.base_url}/watch",
        f"  API            {config.base_url}/v1/openapi.json, docs/api.md",
        f"  Keys           {config.data / FILE}",
        f"  Logs           {config.data / 'logs'}",
        "  Stop           Ctrl-C",
        "",
    ]
    return "\n".join(lines)
