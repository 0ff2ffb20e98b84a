"""A whole service of one checkout, as ``make run`` starts it, with what it has cost so far."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import psycopg
from prometheus_client.parser import text_string_to_metric_families

from clients.tagsift_client import Tagsift
from service.runner import environment
from service.runner.engines import free_port
from service.runner.supervise import stop

START_SECONDS = 600.0  # on a machine that has much else to do
# What a process of the service is, by what its command line holds; the first that fits.
PARTS = {
    "pictures.render": "decoding and the moderators' copy",
    "gunicorn": "web server",
    "screening@": "screening worker",
    "looking@": "looking worker (campaigns, vectors)",
    "callbacks@": "callbacks worker",
    "upkeep@": "upkeep worker and the sweep",
    "service sweep": "upkeep worker and the sweep",
    "redis": "Redis",
    "postgres": "PostgreSQL",
}


class Running:
    """The service of the checkout in ``root``; ``name`` is what the tables call it."""

    def __init__(self, name: str, process: psutil.Popen, folder: Path) -> None:
        self.name = name
        self._process = process
        self._folder = folder
        values = environment.read(folder / environment.FILE)
        self._url = f"http://127.0.0.1:{values['TAGSIFT_PORT']}"
        # Kept open: each new one would cost the machine milliseconds that a post could have.
        self._database = psycopg.connect(values["DATABASE_URL"], autocommit=True)
        self._secret, self._key = values["TAGSIFT_WEBHOOK_SECRETS"], values["TAGSIFT_API_KEYS"]

    def client(self) -> Tagsift:
        """What a platform sends with."""
        return Tagsift(self._url, self._secret, self._key)

    def number(self, query: str) -> float:
        """The one number that a query gives."""
        row = self._database.execute(query.encode()).fetchone()
        return float(row[0] or 0) if row else 0.0

    def processor_seconds(self) -> dict[str, float]:
        """What each part has worked so far, on all cores together."""
        spent: dict[str, float] = {}
        for one in self._family():
            with suppress(psutil.NoSuchProcess):
                command = " ".join(one.cmdline())
                part = next((part for mark, part in PARTS.items() if mark in command), "rest")
                spent[part] = spent.get(part, 0.0) + sum(one.cpu_times()[:2])
        return spent

    def stage_seconds(self) -> dict[str, float]:
        """Seconds that each stage of screening has taken so far, over all batches."""
        text = httpx.get(f"{self._url}/metrics", timeout=60).text
        return {
            sample.labels["stage"]: sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "tagsift_stage_seconds_sum"
        }

    def close(self) -> None:
        """Close the connection that the numbers come from."""
        self._database.close()

    def _family(self) -> list[psutil.Process]:
        pid = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
        return [
            member
            for process in (self._process, psutil.Process(pid))
            for member in (process, *process.children(recursive=True))
        ]


@contextmanager
def running(name: str, root: Path, folder: Path, settings: dict[str, str]) -> Iterator[Running]:
    """Starts the service of a checkout with its data in ``folder``, and waits until it is ready."""
    folder.mkdir(parents=True)
    port = str(free_port())
    own = {"TAGSIFT_DATA": str(folder), "TAGSIFT_PORT": port, "TAGSIFT_DEMO": "0", **settings}
    with (folder / "run.log").open("wb") as log:
        process = psutil.Popen(
            [sys.executable, "-m", "service", "run"],
            cwd=root,
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}/readyz", folder)
        with closing(Running(name, process, folder)) as service:
            yield service
    finally:
        process.terminate()
        with suppress(psutil.TimeoutExpired):
            process.wait(30)
        stop([process])


def _wait_until_ready(process: psutil.Popen, url: str, folder: Path) -> None:
    end = time.monotonic() + START_SECONDS
    with httpx.Client(timeout=5) as client:
        while time.monotonic() < end and process.poll() is None:
            with suppress(httpx.TransportError):
                if client.get(url).is_success:
                    return
            time.sleep(0.2)
    raise SystemExit(f"The service did not start:\n{(folder / 'run.log').read_text()[-2000:]}")
