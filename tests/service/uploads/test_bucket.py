"""Where files are kept in a bucket, they are put to it by its own signed URLs, past the service."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import fsspec
import httpx
import pytest
from sqlalchemy import func, select, update

from service.app import create_app
from service.config import Config
from service.erasure import erase_due
from service.imagestore import ASKED, TRIES, ImageStore
from service.parts import Parts
from service.runner.engines import free_port
from service.screening.batch import screen
from service.tables import Erasure, Post
from service.uploads.kinds import Family
from service.uploads.opened import as_file
from service.uploads.read import path_of
from service.uploads.sweep import sweep_uploads
from tests.service.uploads.conftest import Sender, code, erase_all, rules, run_out

Jpeg = Callable[..., bytes]
BUCKET = "tagsift"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that speaks S3, in a process of its own (some seconds); its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("ab") as output, pytest.MonkeyPatch.context() as patch:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        for name, value in (
            ("AWS_ENDPOINT_URL", url),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_DEFAULT_REGION", "eu-central-1"),
        ):
            patch.setenv(name, value)
        for _ in range(600):
            try:
                httpx.get(url)
            except httpx.TransportError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
            else:
                break
        yield url
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def own(parts: Parts, s3: str) -> Parts:
    """The parts of a service that keeps its files in the bucket."""
    return replace(parts, images=ImageStore(f"s3://{BUCKET}/kept"))


@pytest.fixture
def sender(service: Sender, s3: str) -> Sender:
    """Whoever talks to it; nothing is in the bucket."""
    httpx.post(f"{s3}/moto-api/reset").raise_for_status()
    where = "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>"
    made = httpx.put(f"{s3}/{BUCKET}", content=f"{where}</CreateBucketConfiguration>")
    assert made.status_code == 200, made.text
    return service


def stored(s3: str) -> list[str]:
    """The first parts of the keys that are in the bucket."""
    listed = httpx.get(f"{s3}/{BUCKET}?list-type=2").text
    return sorted(part.partition("</Key>")[0] for part in listed.split("<Key>")[1:])


def put(sender: Sender, data: bytes, content_type: str = "image/jpeg") -> dict[str, Any]:
    """Announce a file and put it to the bucket; what was answered."""
    begun = sender.begin(data, content_type)
    answer = httpx.request(begun["method"], begun["url"], content=data, headers=begun["headers"])
    assert answer.status_code == 200, answer.text
    return begun


@pytest.mark.slow
def test_the_url_is_the_buckets_and_signs_length_and_type(
    sender: Sender, s3: str, jpeg: Jpeg
) -> None:
    data = jpeg()
    begun = sender.begin(data)
    url = urlsplit(begun["url"])
    query = parse_qs(url.query)
    assert begun["url"].startswith(f"{s3}/{BUCKET}/kept/uploads/landing/{begun['key']}?")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert query["X-Amz-Expires"] == [str(24 * 3600)]
    assert [name for name in query if "checksum" in name.lower()] == []
    assert sender.state(begun["key"]) == "waiting"
    httpx.put(begun["url"], content=data, headers=begun["headers"])
    assert sender.state(begun["key"]) == "stored"


def test_a_post_is_decided_by_what_was_put_there(sender: Sender, s3: str, jpeg: Jpeg) -> None:
    begun = put(sender, jpeg(seed=1))
    assert sender.post("p-1", begun["key"]).status_code == 202
    with sender.parts.sessions() as session:
        row = session.scalars(select(Post.id)).one()
    screen(sender.parts, [row])
    with sender.parts.sessions() as session:
        post = session.get_one(Post, row)
        assert (post.state, post.images[0].error) == ("decided", None)
    erase_all(sender.parts)
    kept = [key.split("/")[1] for key in stored(s3)]
    assert kept.count("uploads") == 1, "where it landed it is gone"
    receipt = sender.delete("p-1")
    assert (receipt["erased"]["uploads"], receipt["files_left"]) == (1, 0)
    assert stored(s3) == []


def test_a_process_that_is_forked_uses_the_bucket_too(sender: Sender, own: Parts, s3: str) -> None:
    # As those of a worker are, from the one that made the store and may have used it.
    def copy() -> None:
        own.images.put("theirs", own.images.get("ours") or b"")

    own.images.put("ours", b"a photograph")
    forked = get_context("fork").Process(target=copy)
    forked.start()
    forked.join(PATIENCE_SECONDS)
    assert forked.exitcode == 0
    assert own.images.get("theirs") == b"a photograph"


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.get("a"),
        lambda store: store.put("a/b", b"c"),
        lambda store: store.put_pieces("a/b", [b"c"]),
        lambda store: store.size("a"),
        lambda store: store.delete(["a", "b"]),
    ],
)
def test_a_bucket_that_says_nothing_is_given_up_soon(
    monkeypatch: pytest.MonkeyPatch, s3: str, use: Callable[[ImageStore], object]
) -> None:
    longest = (ASKED["connect_timeout"] + ASKED["read_timeout"]) * TRIES
    assert longest < 20, "within which a search by an upload is answered"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setitem(ASKED, "read_timeout", 0.2)
        store = ImageStore("s3://silent/kept")
        with pytest.raises(Exception, match="Read timeout"):
            use(store)
        silent.settimeout(0)
        asked = 0
        with suppress(BlockingIOError):
            while True:
                silent.accept()[0].close()
                asked += 1
    assert asked == TRIES


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "wrong_length"),
        (b"\xff\xd8\xff" + b"x" * 50, "wrong_length"),
        (b"\0\0\0\x18ftypisom".ljust(100), "wrong_type"),
    ],
)
def test_what_was_put_is_checked_when_it_is_named(
    sender: Sender, s3: str, data: bytes, rule: str
) -> None:
    begun = sender.begin(b"\xff\xd8\xff".ljust(100))
    httpx.put(begun["url"], content=data, headers=begun["headers"])
    assert rules(sender.post("p-1", begun["key"])) == [("/images/0/upload", rule)]
    erase_all(sender.parts)
    assert [key.split("/")[2] for key in stored(s3)] == ["landing"]
    httpx.put(begun["url"], content=b"\xff\xd8\xff".ljust(100), headers=begun["headers"])
    assert sender.post("p-1", begun["key"]).status_code == 202, "put again, as announced"


def test_nothing_that_is_put_after_the_claim_is_seen(sender: Sender, jpeg: Jpeg) -> None:
    data = jpeg(seed=1)
    begun = put(sender, data)
    sender.post("p-1", begun["key"])
    path = path_of(sender.parts, begun["key"], Family.IMAGE)
    httpx.put(begun["url"], content=jpeg(seed=2)[: len(data)], headers=begun["headers"])
    assert sender.post("p-1", begun["key"], revision=2).status_code == 202
    assert path_of(sender.parts, begun["key"], Family.IMAGE) == path
    assert sender.parts.images.get(path) == data


def test_what_a_url_wrote_is_erased_after_its_time_whatever_became_of_the_upload(
    sender: Sender, s3: str, jpeg: Jpeg
) -> None:
    claimed, unnamed = put(sender, jpeg(seed=1)), put(sender, jpeg(seed=2))
    sender.post("p-1", claimed["key"])
    sender.delete("p-1")
    httpx.put(claimed["url"], content=jpeg(seed=1), headers=claimed["headers"])
    run_out(sender.parts, unnamed["key"])
    sweep_uploads(sender.parts)
    assert sender.state(unnamed["key"]) == "expired"
    assert len(stored(s3)) == 2
    with sender.parts.sessions.begin() as session:
        session.execute(update(Erasure).values(next_attempt_at=func.now()))
    erase_due(sender.parts.sessions, sender.parts.images)
    assert stored(s3) == []


def test_of_many_posts_that_name_it_at_once_one_has_it(sender: Sender, s3: str, jpeg: Jpeg) -> None:
    begun = put(sender, jpeg())
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda n: sender.post(f"p-{n}", begun["key"]).status_code, range(4))
    assert sorted(answers) == [202, 422, 422, 422]
    erase_all(sender.parts)
    assert len(stored(s3)) == 1


def test_a_bucket_that_is_away_is_told_and_decides_nothing(
    sender: Sender, config: Config, jpeg: Jpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same row, asked about by a service whose bucket does not answer."""
    begun = put(sender, jpeg())
    nowhere = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": nowhere})
    away = replace(sender.parts, images=ImageStore("s3://away/kept"))
    http = create_app(config, away).test_client()
    cut_off = replace(sender, parts=away, http=http)
    assert code(cut_off.post("p-1", begun["key"])) == (503, "unavailable")
    assert sender.post("p-1", begun["key"]).status_code == 202


def test_a_video_comes_to_this_machine_as_a_file(sender: Sender, tmp_path: Path) -> None:
    data = b"\0\0\0\x18ftypisom".ljust(300_000, b"x")
    begun = put(sender, data, "video/mp4")
    search = {"image": {"upload": begun["key"]}}
    answer = sender.http.post("/v1/similar", json=search, headers=sender.bearer)
    assert answer.status_code == 422, "no photograph, but taken from the bucket now"
    path = path_of(sender.parts, begun["key"], Family.VIDEO)
    with as_file(sender.parts.images, path, tmp_path / "copies") as file:
        assert file is not None
        assert file.read_bytes() == data
    assert list((tmp_path / "copies").iterdir()) == []
    with as_file(sender.parts.images, "uploads/gone", tmp_path / "copies") as file:
        assert file is None
