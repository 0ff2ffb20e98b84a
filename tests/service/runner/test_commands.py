"""The processes that `make run` starts."""

from __future__ import annotations

from pathlib import Path

from service.config import Config
from service.runner.run import commands


def test_as_many_processes_screen_as_the_settings_say(config: Config, tmp_path: Path) -> None:
    found = {
        one.name: list(one.arguments)
        for one in commands(tmp_path, config.model_copy(update={"screening_processes": 7}))
    }
    assert {"web", "worker", "looking", "callbacks", "upkeep", "sweeper"} == set(found)
    worker = found["worker"]
    assert worker[worker.index("--queues") + 1] == "screening"
    assert worker[worker.index("--concurrency") + 1] == "7"
