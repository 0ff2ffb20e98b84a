"""One process ends, all end, and the reason is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from service.config import ROOT
from service.runner.supervise import Command, Stopped, explain, start, stop, watch

SLEEP = "import time; time.sleep(60)"
FAIL = "import sys; print('no such bundle'); sys.exit(3)"
STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print('up', flush=True); time.sleep(60)"
)


def command(name: str, program: str, folder: Path) -> Command:
    return Command(name, ("-c", program), folder / f"{name}.log")


def test_the_process_that_ended_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    processes = {
        "web": start(command("web", SLEEP, tmp_path), os.environ),
        "worker": start(command("worker", FAIL, tmp_path), os.environ),
    }
    ended = watch(processes, Stopped())
    stop(list(processes.values()))
    assert ended == "worker"
    assert "no such bundle" in explain(ended, tmp_path / "worker.log")
    assert not any(process.is_running() for process in processes.values())


def test_told_to_stop_it_names_nobody(tmp_path: Path) -> None:
    processes = {"web": start(command("web", SLEEP, tmp_path), os.environ)}
    stopped = Stopped()
    stopped.set()
    assert watch(processes, stopped) is None
    stop(list(processes.values()))


def test_a_process_that_ignores_the_request_is_ended_with_its_children(tmp_path: Path) -> None:
    process = start(command("stubborn", STUBBORN, tmp_path), os.environ)
    while not (tmp_path / "stubborn.log").read_text():
        time.sleep(0.02)
    children = process.children()
    stop([process], patience_seconds=0.3)
    assert children
    assert not any(child.is_running() for child in children)
    assert not psutil.pid_exists(process.pid) or process.status() == psutil.STATUS_ZOMBIE


SUPERVISOR = """
import os, sys, time
from pathlib import Path
from service.runner.supervise import Command, start
folder = Path(sys.argv[1])
child = start(Command("child", ("-c", "import time; time.sleep(60)"), folder / "log"), os.environ)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no signal for it")
def test_what_was_started_ends_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert supervisor.stdout
    with supervisor.stdout as said:
        child = psutil.Process(int(said.readline()))
    assert child.is_running()
    supervisor.kill()
    supervisor.wait()
    child.wait(timeout=100)


LISTENING = """
from service.runner.supervise import Stopped
stopped = Stopped()
stopped.listen()
print("up", flush=True)
print("told" if stopped.wait(60) else "not told")
"""


def _heed_the_terminal() -> None:
    """The tests themselves may run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("before", "ends"), [([], signal.SIGHUP), ([], signal.SIGINT), (["nohup"], signal.SIGTERM)]
)
def test_the_end_of_the_terminal_stops_what_was_not_started_to_outlive_it(
    before: list[str], ends: signal.Signals
) -> None:
    with subprocess.Popen(
        [*before, sys.executable, "-c", LISTENING],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
        preexec_fn=_heed_the_terminal,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        if before:
            process.send_signal(signal.SIGHUP)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.3)
        process.send_signal(ends)
        assert process.stdout.readline() == "told\n"
