"""The README's first command, as a new user meets it: about 30 seconds, two real runs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import pytest

from service.runner.engines import free_port
from service.runner.environment import FILE, read

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
READY = re.compile(r"Tagsift is ready: (\S+)")


@dataclass
class Run:
    """One `python -m service run` and what it says."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line)
                if READY.search(line):
                    self.ready.set()

    @property
    def said(self) -> str:
        return "".join(self.lines)


def start(folder: Path, port: int, repository: Path, **environ: str) -> Run:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TAGSIFT_")}
    own = {"TAGSIFT_DATA": str(folder), "TAGSIFT_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "run"],
        cwd=repository,
        env={**clean, **own, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    run = Run(process)
    threading.Thread(target=run.listen, daemon=True).start()
    return run


def finish(run: Run) -> int:
    if run.process.poll() is None:
        run.process.send_signal(signal.SIGINT)
    return run.process.wait(timeout=100)


@pytest.fixture
def folder(own_folder: Callable[[], Path]) -> Path:
    return own_folder() / "data"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def first(folder: Path, port: int, repository: Path) -> Iterator[Run]:
    run = start(folder, port, repository)
    yield run
    finish(run)


def test_from_nothing_to_decided_posts_and_back(
    first: Run, folder: Path, port: int, repository: Path
) -> None:
    assert first.ready.wait(120), first.said
    base = f"http://127.0.0.1:{port}"
    values = read(folder / FILE)
    assert "with password" in first.said

    get = partial(httpx.get, timeout=60)
    assert get(f"{base}/readyz").status_code == 200
    key = {"Authorization": f"Bearer {values['TAGSIFT_API_KEYS'].split(',')[0]}"}
    posts = (repository / "demo" / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [re.search(r'"id": ?"([^"]+)"', line).group(1) for line in posts]  # type: ignore[union-attr]  # every line has one
    answers = [get(f"{base}/v1/posts/{i}", headers=key).json() for i in ids]
    assert {answer["state"] for answer in answers} == {"decided"}
    assert {answer["decision"] for answer in answers} >= {"pass", "flag"}
    assert 'tagsift_posts{decision="pass"' in get(f"{base}/metrics").text
    asked = get(f"{base}/v1/recommend?userid=demo-jun", headers=key).json()
    assert "demo-peaks-snow" in {one["id"] for one in asked["items"]}

    assert finish(first) == 0, first.said
    assert "goes on where it was" in first.said
    with pytest.raises(httpx.ConnectError):
        httpx.get(base)

    second = start(folder, port, repository)
    try:
        assert second.ready.wait(120), second.said
        assert "with password" not in second.said
        assert "demo" not in second.said
        assert get(f"{base}/v1/posts/{ids[0]}", headers=key).json() == answers[0]
    finally:
        finish(second)


def test_one_ends_all_end_with_the_reason(
    folder: Path, port: int, repository: Path, tmp_path: Path
) -> None:
    """A bundle that does not exist: the worker cannot do its work, and says which bundle."""
    run = start(folder, port, repository, TAGSIFT_BUNDLE=str(tmp_path / "none"), TAGSIFT_DEMO="0")
    assert run.process.wait(timeout=100) == 1, run.said
    assert "ended, so everything was stopped" in run.said
    assert "bundle" in run.said
    assert "Traceback" not in run.said


def test_a_port_in_use_is_one_sentence(folder: Path, repository: Path) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = start(folder, other.getsockname()[1], repository)
        assert run.process.wait(timeout=100) == 1
    assert "set TAGSIFT_PORT to another port" in run.said
    assert "Traceback" not in run.said
