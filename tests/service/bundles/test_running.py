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

from benchmarks.chaos import photographs
from benchmarks.chaos.peers import Receiver
from benchmarks.chaos.service import Service
from benchmarks.chaos.traffic import TAGS, Kind, Platform
from clients.tagsift_client import Tagsift
from service.config import Config
from service.runner import environment
from tests.service.bundles.conftest import Another
from tests.service.receiver import serve

POSTS = 36
OTHER = "another-network-224-0123456789ab"


def _other_network(manifest: dict[str, Any]) -> None:
    manifest["embedding_id"] = OTHER


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
    """About half a minute: a service of its own, some posts, a promotion, a kill.

    Nearly all of it is processes that start: web, worker, beat, two commands, another worker.
    """
    with ExitStack() as stack:
        secret = environment.webhook_secret()
        receiver = Receiver(secret)
        callback_url = stack.enter_context(serve(post=receiver))
        settings = {
            "TAGSIFT_WEBHOOK_SECRETS": secret,
            "TAGSIFT_CALLBACK_URL": callback_url,
            "TAGSIFT_REQUEUE_AFTER_SECONDS": "3",
        }
        service = Service(own_folder() / "data", settings, stack, without=("looking",))
        service.wait_until_ready()
        key = service.values["TAGSIFT_API_KEYS"]
        tagsift = stack.enter_context(Tagsift(service.base_url, secret, key))
        known = photographs.make(8, Config.model_fields["bundle"].default)
        platform = Platform(tagsift, "", known, ())
        command = [sys.executable, "-m", "training", "promote"]

        def promote(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*command, *arguments],
                cwd=repository,
                env={**os.environ, **service.values},
                capture_output=True,
                text=True,
                check=False,
            )

        def decided() -> int:
            return service.number("SELECT count(*) FROM posts WHERE state = 'decided'")

        folder = str(another("other", _other_network))
        with ThreadPoolExecutor(4) as senders:
            sent = [
                senders.submit(platform.send, number, Kind.SENT) for number in range(POSTS // 2)
            ]
            refused = promote(folder)
            assert refused.returncode != 0
            assert "--reembed" in refused.stderr
            _wait(lambda: decided() >= POSTS // 4)
            made = promote(folder, "--reembed")
            assert made.returncode == 0, made.stderr
            service.kill("worker")
            sent += [
                senders.submit(platform.send, number, Kind.SENT)
                for number in range(POSTS // 2, POSTS)
            ]
            for one in sent:
                one.result()
        _wait(lambda: decided() == POSTS)
        assert len(TAGS) == 4
        once = "SELECT 1 FROM verdicts GROUP BY post_id HAVING count(*) = 4"
        assert len(service.rows(once)) == POSTS
        counted = service.rows("SELECT bundle, count(*) AS n FROM posts GROUP BY 1")
        by_bundle = {row["bundle"]: row["n"] for row in counted}
        assert {name.partition("-")[0] for name in by_bundle} == {"starter", "other"}
        assert sum(by_bundle.values()) == POSTS

        lacking = f"SELECT 1 FROM images WHERE id NOT IN (SELECT image_id FROM embeddings WHERE made_by = '{OTHER}')"  # noqa: S608, E501  # our own text
        _wait(lambda: not service.rows(lacking))
        audit = service.rows(
            "SELECT action FROM audit_log WHERE action LIKE 'bundle.%' ORDER BY id"
        )
        assert [row["action"] for row in audit] == ["bundle.refused", "bundle.promoted"]
