"""A bundle is promoted while real workers decide a stream of posts, and one of them is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, text

from benchmarks.storm import Storm, send
from service.database import connected
from service.runner import environment
from tests.service.bundles.conftest import Another
from tests.service.receiver import Receiver, serve

POSTS = 60
OTHER = "another-network-224-0123456789ab"


def _other_network(manifest: dict[str, Any]) -> None:
    manifest["embedding_id"] = OTHER


def _rows(storm: Storm, query: str) -> list[Row[Any]]:
    with connected(storm.postgres.url) as engine, engine.connect() as connection:
        return list(connection.execute(text(query)).all())


def _wait(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_post_is_lost_and_none_is_decided_twice(
    another: Another, own_folder: Callable[[], Path], repository: Path
) -> None:
    """About half a minute: a service of its own, sixty posts, a promotion, a kill.

    Nearly all of it is processes that start: web, worker, beat, two commands, another worker.
    """
    with ExitStack() as stack:
        secret = environment.webhook_secret()
        receiver = Receiver(secret)
        storm = Storm(
            own_folder() / "data", secret, stack.enter_context(serve(post=receiver)), stack
        )
        command = [sys.executable, "-m", "training", "promote"]

        def promote(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*command, *arguments],
                cwd=repository,
                env={**os.environ, **storm.values},
                capture_output=True,
                text=True,
                check=False,
            )

        def decided() -> int:
            return int(_rows(storm, "SELECT count(*) FROM posts WHERE state = 'decided'")[0][0])

        folder = str(another("other", _other_network))
        with ThreadPoolExecutor(4) as senders:
            sent = [senders.submit(send, storm, number) for number in range(POSTS // 2)]
            refused = promote(folder)
            assert refused.returncode != 0
            assert "--reembed" in refused.stderr
            _wait(lambda: decided() >= POSTS // 4)
            made = promote(folder, "--reembed")
            assert made.returncode == 0, made.stderr
            storm.kill_worker()
            sent += [senders.submit(send, storm, number) for number in range(POSTS // 2, POSTS)]
            for one in sent:
                one.result()
        _wait(lambda: decided() == POSTS)
        once = "SELECT 1 FROM verdicts GROUP BY post_id HAVING count(*) = 4"
        assert len(_rows(storm, once)) == POSTS
        by_bundle = dict(
            tuple(row) for row in _rows(storm, "SELECT bundle, count(*) FROM posts GROUP BY 1")
        )
        assert {name.partition("-")[0] for name in by_bundle} == {"starter", "other"}
        assert sum(by_bundle.values()) == POSTS

        lacking = f"SELECT 1 FROM images WHERE id NOT IN (SELECT image_id FROM embeddings WHERE made_by = '{OTHER}')"  # noqa: S608, E501  # our own text
        _wait(lambda: not _rows(storm, lacking))
        audit = _rows(
            storm, "SELECT action FROM audit_log WHERE action LIKE 'bundle.%' ORDER BY id"
        )
        assert [row[0] for row in audit] == ["bundle.refused", "bundle.promoted"]
