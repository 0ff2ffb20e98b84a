"""No log holds a password, a key, or what anybody wrote, whatever failed (about 15 seconds)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from service.accounts import create
from service.config import ROOT, Config
from service.database import connected, make_sessions
from service.migrations.upgrade import migrate
from service.runner.engines import Postgres, start_postgres
from tests.conftest import API_KEY, SECRETS
from tests.service.console.visitor import TOKEN
from tests.service.web.conftest import PATIENCE_SECONDS, Server, environ_of, start_server

CAPTION, HASHTAG, AUTHOR, FILE, GUESS = (
    "a-caption-of-mine",
    "비밀해시태그",
    "author-of-mine",
    "file-of-mine.jpg",
    "a-guess-of-mine",
)

Sign = Callable[..., dict[str, str]]
Body = Callable[..., bytes]


@dataclass(frozen=True)
class Stage:
    """A web server with a PostgreSQL of its own, which a test may break."""

    server: Server
    postgres: Postgres
    folder: Path

    def sql(self, statement: str) -> None:
        with connected(self.postgres.url) as engine, engine.begin() as connection:
            connection.execute(text(statement))

    def logs(self) -> str:
        files = [self.server.log, self.folder / "postgres" / "log"]
        return "".join(file.read_text(errors="replace") for file in files)


@pytest.fixture
def stage(config: Config, own_folder: Callable[[], Path], tmp_path: Path) -> Iterator[Stage]:
    folder = own_folder()
    postgres = start_postgres(folder / "postgres")
    with connected(postgres.url) as engine:
        migrate(engine)
    own = config.model_copy(update={"database_url": postgres.url})
    server, process = start_server(own, tmp_path, TAGSIFT_BUNDLE=str(tmp_path / "none"))
    yield Stage(server, postgres, folder)
    process.terminate()
    process.wait(timeout=100)
    postgres.stop()


def sign_in(client: httpx.Client, password: str) -> int:
    found = TOKEN.search(client.get("/sign-in").text)
    assert found
    form = {"csrf_token": found[1], "name": "mina", "password": password}
    return client.post("/sign-in", data=form).status_code


def try_it(client: httpx.Client, jpeg: bytes) -> int:
    found = TOKEN.search(client.get("/try").text)
    assert found
    form = {"csrf_token": found[1], "hashtags": HASHTAG}
    return client.post("/try", data=form, files={"photographs": (FILE, jpeg)}).status_code


@pytest.mark.slow  # a PostgreSQL and a web server of its own, which it breaks
@pytest.mark.timeout(300)
def test_no_log_holds_what_was_sent(
    stage: Stage, config: Config, sign: Sign, body: Body, jpeg: Callable[..., bytes]
) -> None:
    with connected(stage.postgres.url) as engine, make_sessions(engine).begin() as session:
        _, password = create(session, "mina")
    sent = body(caption=CAPTION, hashtags=[HASHTAG], author={"id": AUTHOR})
    bearer = {"Authorization": f"Bearer {API_KEY}"}
    codes = []
    with httpx.Client(base_url=stage.server.url, timeout=PATIENCE_SECONDS) as client:

        def send() -> int:
            headers = sign(sent) | {"Content-Type": "application/json"}
            return client.post("/v1/posts", content=sent, headers=headers).status_code

        assert sign_in(client, password) == 303
        codes.append(try_it(client, jpeg()))  # there is no bundle
        token = client.cookies["tagsift"]
        client.get("/sign-in", params={"next": f"//[{GUESS}"})
        stage.sql("ALTER TABLE sign_ins RENAME TO gone")  # fails late, when the token is made
        codes.append(client.get("/posts").status_code)
        with httpx.Client(base_url=stage.server.url, timeout=PATIENCE_SECONDS) as other:
            codes.append(sign_in(other, password))
            stage.sql("ALTER TABLE images RENAME TO lost")
            codes.append(send())
            codes.append(client.get(f"/v1/hashtags/{HASHTAG}/posts", headers=bearer).status_code)
            stage.sql("ALTER TABLE posts ADD CHECK (caption = '')")
            stage.sql("ALTER TABLE lost RENAME TO images")
            codes.append(send())
            found = TOKEN.search(other.get("/sign-in").text)
            assert found
            stage.postgres.stop()
            form = {"csrf_token": found[1], "name": "mina", "password": GUESS}
            assert other.post("/sign-in", data=form).status_code == 503
        assert send() == 503
        assert client.get("/v1/posts/p-1", headers=bearer).status_code == 503
    assert 500 in codes  # something has been logged with its exception
    logs = stage.logs()
    assert '"exception"' in logs
    secrets = {
        *(CAPTION, HASHTAG, AUTHOR, FILE, GUESS, password, token, API_KEY, *SECRETS),
        config.secret_key.get_secret_value(),
        config.redis_url.split("@")[0],
    }
    told = [secret for secret in secrets if secret in logs or json.dumps(secret)[1:-1] in logs]
    assert told == [], logs


TASK = f"""
import logging
from celery import Celery
from service.config import Config
from service.operations.logs import configure
configure(Config.from_environ())
app = Celery("test", broker="memory://")

@app.task(name="screen")
def screen(ids):
    caption = "{CAPTION}"
    try:
        int(caption)
    except ValueError as error:
        raise RuntimeError("{AUTHOR}") from error

screen.apply(args=([7],))
try:
    int("{HASHTAG}")
except ValueError as error:
    logging.getLogger("celery.pool").error("Error: %r", error, exc_info=True)
    logging.getLogger("gunicorn.error").exception("Error handling request %s %s", "GET", "{FILE}")
    logging.getLogger("gunicorn.error").warning("Invalid request from ip=127.0.0.1: {FILE}")
"""


@pytest.mark.slow
def test_a_task_that_fails_tells_where_and_not_about_what(config: Config, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TASK],
        cwd=ROOT,
        env=environ_of(config, tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in io.StringIO(done.stderr)]
    assert any("screen[" in line["event"] and "RuntimeError" in line["event"] for line in lines)
    frames = str([line.get("exception") for line in lines])
    assert "ValueError" in frames
    assert "screen" in frames
    assert [s for s in (CAPTION, AUTHOR, HASHTAG, FILE) if s in done.stderr] == []


def test_what_is_on_disk_is_its_owners(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir(mode=0o755)
    log = tmp_path / "logs" / "web.log"
    log.touch(mode=0o644)
    make = (
        "import sys, pathlib; from service.runner.private import make_private; "
        "from service.imagestore import ImageStore; f = pathlib.Path(sys.argv[1]); "
        "make_private(f); ImageStore(str(f / 'images')).put('07/7.jpg', b'x')"
    )
    subprocess.run([sys.executable, "-c", make, str(tmp_path)], cwd=ROOT, check=True)
    rights = {
        path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o077
        for path in tmp_path.rglob("*")
    }
    assert {"logs/web.log", "images/07/7.jpg"} <= set(rights)
    assert set(rights.values()) == {0}
    assert tmp_path.stat().st_mode & 0o066 == 0  # as root, PostgreSQL's user passes through
