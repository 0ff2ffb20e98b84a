"""Run processes together: if one exits, the supervisor stops the rest and prints why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from service.config import ROOT
from service.runner.orphans import end_with_parent

STOP_SECONDS = 5.0
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Command:
    """One process to run: the arguments of this Python, and the file its output goes to."""

    name: str
    arguments: Sequence[str]
    log: Path


class Stopped(threading.Event):
    """Set by Ctrl-C, by SIGTERM, or by the end of the terminal, which would else leave PostgreSQL
    behind.
    """

    def listen(self) -> None:
        """Catch these signals from now on, except those that the caller ignores, as nohup does."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda *_: self.set())


def start(command: Command, environ: Mapping[str, str]) -> psutil.Popen:
    """Start a process in its own group, so that Ctrl-C reaches only the supervisor. It ends with
    the supervisor, even if that is killed.
    """
    with command.log.open("ab") as log:
        return psutil.Popen(
            [sys.executable, *command.arguments],
            cwd=ROOT,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )


def watch(processes: Mapping[str, psutil.Process], stopped: Stopped) -> str | None:
    """Wait until a process ends or ``stopped`` is set.

    Returns:
        the name of the process that ended, or None when told to stop.
    """
    while not stopped.is_set():
        gone, _ = psutil.wait_procs(list(processes.values()), timeout=POLL_SECONDS)
        if gone and not stopped.is_set():
            return next(name for name, process in processes.items() if process in gone)
    return None


def stop(processes: Sequence[psutil.Process], patience_seconds: float = STOP_SECONDS) -> None:
    """Stop processes and all they started: by SIGTERM first, by SIGKILL after a while."""
    families = [member for process in processes for member in _family(process)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(families, timeout=patience_seconds)
    for process in alive:
        with suppress(psutil.NoSuchProcess):  # a child may end between the list and this line
            process.kill()
    psutil.wait_procs(alive, timeout=STOP_SECONDS)


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def explain(name: str, log: Path | None, lines: int = 8) -> str:
    """Why the service stopped: which process ended, and the end of what it said."""
    text = f"{name} ended, so everything was stopped."
    if log is None or not log.exists():
        return text
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join([text, f"The end of {os.path.relpath(log)}:", *(f"  {line}" for line in tail)])
