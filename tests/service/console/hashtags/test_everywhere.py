"""What somebody maps in the console holds for the very next post that a worker screens."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.config import variable
from service.parts import Parts
from service.tables import Post
from tests.service.console.visitor import Visitor

pytestmark = pytest.mark.usefixtures("clean")

# A worker without its broker: it screens the posts whose rows it is told, one by one.
WORKER = """
import os, sys
from service.config import Config
from service.parts import make_parts
from service.screening.batch import screen
parts = make_parts(Config.from_environ())
parts.screener.current()
answers = os.fdopen(int(sys.argv[1]), "w")
print("ready", file=answers, flush=True)
for line in sys.stdin:
    screen(parts, [int(line)])
    print("screened", file=answers, flush=True)
"""


@pytest.fixture
def screen_elsewhere(parts: Parts, repository: Path) -> Iterator[Callable[[int], None]]:
    """Has a post screened by a process that runs since before the test began (some 3 s)."""
    config = parts.config
    settings = os.environ | {
        variable("database_url"): config.database_url,
        variable("redis_url"): config.redis_url,
        "TAGSIFT_DATA": str(config.data),
        "TAGSIFT_SECRET_KEY": "k",
        "TAGSIFT_WEBHOOK_SECRETS": config.webhook_secrets[0].get_secret_value(),
        "TAGSIFT_API_KEYS": config.api_keys[0].get_secret_value(),
    }
    reading, writing = os.pipe()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(writing)],
        cwd=repository,
        env=settings,
        pass_fds=(writing,),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    os.close(writing)
    with worker, os.fdopen(reading) as answers:
        assert answers.readline() == "ready\n"

        def screen(row: int) -> None:
            assert worker.stdin
            print(row, file=worker.stdin, flush=True)
            assert answers.readline() == "screened\n"

        yield screen
        assert worker.stdin
        worker.stdin.close()


@pytest.fixture
def send(
    client: FlaskClient,
    parts: Parts,
    sign: Callable[..., dict[str, str]],
    body: Callable[..., bytes],
    repository: Path,
) -> Callable[[str], int]:
    """A post with a photograph of a coffee and one hashtag, through the webhook."""
    photograph = (repository / "demo" / "photos" / "coffee.jpg").read_bytes()

    def make(tag: str) -> int:
        data = body(hashtags=[tag], images=[{"base64": base64.b64encode(photograph).decode()}])
        headers = sign(data) | {"Content-Type": "application/json"}
        answer = client.post("/v1/posts", data=data, headers=headers)
        with parts.sessions() as session:
            wanted = Post.external_id == answer.get_json()["id"]
            return session.scalars(select(Post.id).where(wanted)).one()

    return make


@pytest.mark.slow  # a process
def test_a_mapping_holds_for_the_next_post_of_another_process(
    mina: Visitor,
    parts: Parts,
    send: Callable[[str], int],
    screen_elsewhere: Callable[[int], None],
) -> None:
    def verdict() -> tuple[str, str, str | None]:
        row = send("쀍쀍")
        screen_elsewhere(row)
        with parts.sessions() as session:
            found = session.get_one(Post, row).verdicts[0]
            return found.verdict, found.resolved_by, found.category

    assert verdict() == ("unverifiable", "none", None)
    assert 'data-tag="쀍쀍"' in mina.get("/hashtags").text
    mina.send("/hashtags", {"tag": "쀍쀍", "category": "cafe"})
    assert verdict() == ("relevant", "lexicon", "cafe")
    assert 'data-tag="쀍쀍"' not in mina.get("/hashtags").text
    mina.send("/hashtags/쀍쀍", {"meaning": "file"})
    assert verdict() == ("unverifiable", "none", None)
