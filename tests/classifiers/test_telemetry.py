"""What is trained and served here is told to nobody."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import openvino_telemetry
import pytest
from openvino_telemetry.backend.backend import BackendRegistry
from openvino_telemetry.backend.backend_ga4 import GA4Backend

from classifiers.telemetry import Silent, keep_quiet


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The processes that a message was to be sent from; none of them is started."""
    found: list[object] = []
    monkeypatch.setattr(multiprocessing.Process, "start", lambda process: found.append(process))
    return found


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry as the package leaves it."""
    monkeypatch.setattr(BackendRegistry, "r", {GA4Backend.id: GA4Backend})


def test_no_message_is_sent(started: list[object]) -> None:
    message = {"events": ["a conversion"]}
    BackendRegistry.get_backend("ga4")("tid", "app", "1").send(message)
    assert len(started) == 1, "else the test would not see what is sent"
    keep_quiet()
    BackendRegistry.get_backend("ga4")("tid", "app", "1").send(message)
    assert len(started) == 1


def test_the_tools_take_what_the_registry_has() -> None:
    keep_quiet()
    made = object.__new__(openvino_telemetry.Telemetry)
    made.init("tool", "1", "tid", "ga4", enable_opt_in_dialog=False, disable_in_ci=True)
    assert isinstance(made.backend, Silent)


LOOKING = [
    "classifiers.infer_requests",
    "classifiers.runtime",
    "items.encoder",
    "thumbnails.latent",
]


def told_by(module: str, home: Path, repository: Path) -> bytes:
    """What a process would send that imports a module; nothing is switched off as in CI."""
    code = (
        "from openvino_telemetry.backend.backend_ga4 import GA4Backend\n"
        "GA4Backend.send = lambda self, message: print(message, flush=True)\n"
        f"import {module}"
    )
    alone = {"HOME": str(home), "PATH": os.environ["PATH"]}
    asked = [sys.executable, "-c", code]
    return subprocess.run(asked, cwd=repository, env=alone, capture_output=True, check=True).stdout


@pytest.mark.parametrize("module", LOOKING)
def test_nobody_is_told_that_a_process_looks_at_pictures(
    module: str, tmp_path: Path, repository: Path
) -> None:
    assert told_by(module, tmp_path, repository) == b""


def test_else_somebody_would_be(tmp_path: Path, repository: Path) -> None:
    assert b"general_import" in told_by("openvino", tmp_path, repository)
