"""The README's first command, as a new user meets it: two real runs of the whole service."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from service.runner.engines import free_port
from service.runner.environment import FILE, read

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
PATIENCE_SECONDS = 240
Get = Callable[..., httpx.Response]
READY = re.compile(r"Tagsift is ready: (\S+)")


@dataclass
class Run:
    """One `python -m service run` and what it says."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.listening = threading.Thread(target=self.listen, daemon=True)
        self.listening.start()

    def wait(self) -> int:
        """Its exit status, once all that it said is heard."""
        status = self.process.wait(timeout=PATIENCE_SECONDS)
        self.listening.join()
        return status

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
    return Run(process)


def finish(run: Run) -> int:
    if run.process.poll() is None:
        run.process.send_signal(signal.SIGINT)
    return run.wait()


def kill(run: Run, command: str) -> None:
    """SIGKILL to the child of a run that has this command."""
    (child,) = (
        child
        for child in psutil.Process(run.process.pid).children()
        if child.cmdline()[-1:] == [command]
    )
    child.kill()


@pytest.fixture
def folder(own_folder: Callable[[], Path]) -> Path:
    return own_folder() / "data"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def get() -> Iterator[Get]:
    with httpx.Client(timeout=60) as client:
        yield client.get


@pytest.fixture
def first(folder: Path, port: int, repository: Path) -> Iterator[Run]:
    run = start(folder, port, repository)
    yield run
    finish(run)


def test_from_nothing_to_decided_posts_and_back(
    first: Run, get: Get, folder: Path, port: int, repository: Path, tmp_path: Path
) -> None:
    """Two whole starts, one with the demo. The second ends because a process of it is killed; a
    third ends at once, since its bundle is not there.
    """
    assert first.ready.wait(PATIENCE_SECONDS), first.said
    base = f"http://127.0.0.1:{port}"
    values = read(folder / FILE)
    assert "with password" in first.said

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
    logs = "".join(log.read_text("utf-8") for log in (folder / "logs").glob("*.log"))
    assert "was sent SIG" not in logs  # by gunicorn, of a web process that crashed
    with pytest.raises(httpx.ConnectError):
        get(base)

    second = start(folder, port, repository)
    try:
        assert second.ready.wait(PATIENCE_SECONDS), second.said
        assert "with password" not in second.said
        assert "demo" not in second.said
        assert get(f"{base}/v1/posts/{ids[0]}", headers=key).json() == answers[0]
        kill(second, "sweep")
        assert second.wait() == 1
    finally:
        finish(second)
    assert "sweeper ended, so everything was stopped" in second.said

    third = start(folder, port, repository, TAGSIFT_BUNDLE=str(tmp_path / "none"))
    assert third.wait() == 1
    assert f"The bundle {tmp_path / 'none'} cannot be used" in third.said
    assert "Traceback" not in third.said
    assert not READY.search(third.said)


def test_a_port_in_use_is_one_sentence(folder: Path, repository: Path) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = start(folder, other.getsockname()[1], repository)
        assert run.wait() == 1
    assert "set TAGSIFT_PORT to another port" in run.said
    assert "Traceback" not in run.said
