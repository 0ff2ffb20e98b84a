"""Whatever a function does with its bytes, it ends in time, within its memory, and alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from sandbox import CrashedError, OutOfMemoryError, OutOfTimeError, Sandbox, StartError

FUNCTION = "tests.sandbox.work:act"
MEMORY = 64 * 2**20
PATIENT = 30.0


@pytest.fixture
def box() -> Iterator[Sandbox]:
    made = Sandbox(FUNCTION, processes=2, memory=MEMORY)
    yield made
    made.close()


def echo(box: Sandbox, data: bytes = b"", say: object = None) -> int:
    """Asks for its bytes back, and returns the id of the process that answered."""
    values, parts = box.call({"act": "echo", "say": say}, data, PATIENT)
    assert (values["size"], values["say"]) == (len(data), say)
    assert parts == [data, b"", data]
    return int(values["pid"])


def test_values_and_bytes_go_there_and_back(box: Sandbox) -> None:
    echo(box, b"", None)
    echo(box, os.urandom(3_000_000), {"한글": [1, 2.5, None, True]})


def test_a_child_serves_many_calls(box: Sandbox) -> None:
    assert len({echo(box) for _ in range(5)}) == 1
    assert os.getpid() not in {echo(box)}


def test_threads_get_their_own_answers_from_a_few_children(box: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        pids = list(pool.map(lambda n: echo(box, bytes([n]) * 70_000, n), range(40)))
    assert len(set(pids)) <= 2


def test_what_takes_too_long_is_ended(box: Sandbox) -> None:
    """Also where it answers no gentle signal."""
    before = echo(box)
    with pytest.raises(OutOfTimeError):
        box.call({"act": "hang"}, b"", 0.2)
    assert not psutil.pid_exists(before)
    assert echo(box) != before


def test_what_needs_too_much_memory_is_refused(box: Sandbox) -> None:
    assert box.call({"act": "allocate", "bytes": MEMORY // 2}, b"", PATIENT)[0]["size"]
    with pytest.raises(OutOfMemoryError):
        box.call({"act": "allocate", "bytes": 2 * MEMORY}, b"", PATIENT)
    echo(box)


@pytest.mark.parametrize("act", ["crash", "raise"])
def test_what_crashes_takes_nobody_with_it(box: Sandbox, act: str) -> None:
    with pytest.raises(CrashedError):
        box.call({"act": act}, b"", PATIENT)
    echo(box)


def test_a_child_that_somebody_killed_is_replaced(box: Sandbox) -> None:
    before = echo(box)
    os.kill(before, signal.SIGKILL)
    assert echo(box) != before


def test_a_child_that_somebody_kills_at_work_does_not_fail_its_call(box: Sandbox) -> None:
    before = echo(box)
    os.kill(before, signal.SIGSTOP)  # so that it dies with the call in its hands
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(echo, box, b"x" * 100)
        os.kill(before, signal.SIGKILL)
        assert answer.result() != before


def test_a_child_sees_no_secret_and_writes_no_file(box: Sandbox, tmp_path: Path) -> None:
    os.environ["TAGSIFT_TEST_SECRET"] = "s"
    try:
        names = set(box.call({"act": "environ"}, b"", PATIENT)[0])
    finally:
        del os.environ["TAGSIFT_TEST_SECRET"]
    assert all(name.startswith(("MALLOC_", "LC_")) for name in names)
    written = box.call({"act": "write", "file": str(tmp_path / "x")}, b"", PATIENT)[0]
    assert written == {"error": "OSError"}


def test_a_function_that_cannot_be_had_is_told() -> None:
    box = Sandbox("tests.sandbox.work:nothing", processes=1, memory=MEMORY)
    with pytest.raises(StartError):
        box.call({}, b"", PATIENT)


def test_a_machine_that_cannot_start_a_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Sandbox(FUNCTION, processes=1, memory=MEMORY)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/nothing/there")
        with pytest.raises(StartError):
            box.call({"act": "echo"}, b"", PATIENT)
    echo(box)  # and starts one as soon as it can
    box.close()


def test_a_forked_process_has_children_of_its_own(box: Sandbox) -> None:
    ours = echo(box)
    reader, writer = os.pipe()
    if (forked := os.fork()) == 0:
        os.write(writer, str(echo(box)).encode())
        os._exit(0)
    os.waitpid(forked, 0)
    theirs = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    assert theirs != ours
    psutil.wait_procs([psutil.Process(theirs)] if psutil.pid_exists(theirs) else [], 10)
    assert not psutil.pid_exists(theirs), "its parent is gone"
    assert echo(box) == ours


PARENT = """
import threading, time
from sandbox import Sandbox
box = Sandbox("tests.sandbox.work:act", 2, 2**26)
print(box.call({"act": "echo"}, b"", 30)[0]["pid"], flush=True)
busy = {"act": "hang"}
threading.Thread(target=lambda: box.call(busy, b"", 1.0), daemon=True).start()
print(box.call({"act": "echo"}, b"", 30)[0]["pid"], flush=True)
time.sleep(60)
"""


def test_no_child_outlives_a_parent_that_was_killed(repository: Path) -> None:
    """Neither an idle one nor one that hangs at its work."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=repository, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        children = [psutil.Process(int(parent.stdout.readline())) for _ in range(2)]
        children += psutil.Process(parent.pid).children()
        parent.kill()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []
