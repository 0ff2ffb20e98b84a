"""Files of deleted posts are erased, however often the store fails before."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from service.app import create_app
from service.config import Config
from service.erasure import call_off, erase, erase_due, owe_erasure
from service.imagestore import ImageStore, new_key
from service.parts import Parts
from service.posts.delete import delete_post
from service.tables import Deletion, Erasure, Image
from tests.service.console.rows import add_post

DELETE = "/v1/posts/p-1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "images"


@pytest.fixture
def own(parts: Parts, folder: Path) -> Parts:
    """The parts of a service with an image store of its own."""
    return replace(parts, images=ImageStore(str(folder)))


@pytest.fixture
def api(config: Config, own: Parts) -> FlaskClient:
    return create_app(config, own).test_client()


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*.jpg") if file.is_file())


def due_now(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(Erasure).values(next_attempt_at=func.now()))


def owed(parts: Parts) -> list[Erasure]:
    with parts.sessions() as session:
        return list(session.scalars(select(Erasure).order_by(Erasure.id)))


def test_a_store_that_is_away_when_a_post_is_deleted_is_asked_again(
    api: FlaskClient, own: Parts, folder: Path, bearer: dict[str, str]
) -> None:
    add_post(own, "p-1", {"카페": "irrelevant"}, (b"one", b"two"))
    away = folder.rename(folder.with_name("away"))

    answer = api.delete(DELETE, headers=bearer)
    assert answer.status_code == 202
    assert answer.json
    assert answer.json["state"] == "deleted"
    receipt = answer.json["erasure"]
    assert (receipt["erased_at"], receipt["files_left"]) == (None, 2)
    assert api.delete(DELETE, headers=bearer).status_code == 202, "asked again: still owed"

    away.rename(folder)
    assert len(files(folder)) == 2
    due_now(own)
    erase_due(own.sessions, own.images)
    assert files(folder) == []
    shown = api.get(DELETE, headers=bearer).json
    assert shown
    assert shown["erasure"]["erased_at"]
    assert shown["erasure"]["files_left"] == 0
    assert api.delete(DELETE, headers=bearer).status_code == 200


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_the_store_fails_at_each_step(
    api: FlaskClient, own: Parts, folder: Path, bearer: dict[str, str], failing: int
) -> None:
    row = add_post(own, "p-1", {"카페": "irrelevant"}, (b"one", b"two", b"three"))
    stuck = folder / "test" / f"{row}-{failing}.jpg"
    stuck.unlink()
    stuck.mkdir()  # a file system refuses to remove a folder as a file

    answer = api.delete(DELETE, headers=bearer)
    assert answer.status_code == 202
    assert files(folder) == [], "the others are gone"
    (left,) = owed(own)
    assert (left.key, left.attempts) == (f"test/{row}-{failing}.jpg", 1)
    assert left.last_error

    stuck.rmdir()
    stuck.write_bytes(b"back again")
    due_now(own)
    assert erase_due(own.sessions, own.images).gone == 1
    assert files(folder) == []
    assert owed(own) == []


def test_a_process_that_dies_after_the_commit_leaves_the_erasure_owed(
    own: Parts, folder: Path
) -> None:
    add_post(own, "p-1", {"카페": "irrelevant"}, (b"one",))
    with own.sessions.begin() as session:
        assert delete_post(session, "p-1")
    assert len(files(folder)) == 1
    assert erase_due(own.sessions, own.images).gone == 1
    assert files(folder) == []


def test_a_deletion_that_is_taken_back_erases_nothing(own: Parts, folder: Path) -> None:
    add_post(own, "p-1", {"카페": "irrelevant"}, (b"one",))
    with own.sessions() as session:
        delete_post(session, "p-1")
        session.rollback()
    erase_due(own.sessions, own.images)
    assert len(files(folder)) == 1


def test_each_failure_is_waited_out_for_longer(own: Parts, folder: Path) -> None:
    folder.mkdir()
    (folder / "x.jpg").mkdir()
    with own.sessions.begin() as session:
        owe_erasure(session, ["x.jpg"], "superseded")
    waits = []
    for _ in range(12):
        due_now(own)
        assert erase_due(own.sessions, own.images).failed == 1
        assert erase_due(own.sessions, own.images).failed == 0, "not due before its time"
        with own.sessions() as session:
            left = func.extract("epoch", Erasure.next_attempt_at - func.now())
            waits.append(round(session.scalar(select(left)) or 0, -1))
    assert waits == sorted(waits)
    assert waits[-1] == 3600


def test_a_receipt_is_complete_with_its_last_file(own: Parts, folder: Path) -> None:
    """Two processes erase the two last files at the same time."""
    for number in range(5):
        name = f"p-{number}"
        add_post(own, name, {"카페": "irrelevant"}, (b"one", b"two"))
        with own.sessions.begin() as session:
            assert delete_post(session, name)
        ids = [row.id for row in owed(own)]
        ready = threading.Barrier(2)

        def one(row: int, ready: threading.Barrier = ready) -> None:
            ready.wait()
            erase(own.sessions, own.images, [row])

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, ids))
        with own.sessions() as session:
            receipt = session.scalars(select(Deletion).filter_by(external_id=name)).one()
            assert receipt.erased_at
    assert files(folder) == []


def test_what_a_worker_has_not_finished_is_erased_unless_it_is_called_off(
    own: Parts, folder: Path
) -> None:
    with own.sessions.begin() as session:
        owe_erasure(session, ["a.jpg", "b.jpg"], "unfinished", wait=timedelta(minutes=1))
    for key in ("a.jpg", "b.jpg"):
        own.images.put(key, b"a copy")
    with own.sessions.begin() as session:
        assert call_off(session, ["a.jpg"])
    assert erase_due(own.sessions, own.images).gone == 0, "the worker has its time"
    due_now(own)
    assert erase_due(own.sessions, own.images).gone == 1
    assert files(folder) == ["a.jpg"]
    with own.sessions.begin() as session:
        assert not call_off(session, ["b.jpg"]), "too late"


def test_the_receipt_waits_for_what_a_worker_may_still_put(
    api: FlaskClient, own: Parts, folder: Path, bearer: dict[str, str]
) -> None:
    add_post(own, "p-1", {"카페": "irrelevant"}, (b"one",))
    with own.sessions.begin() as session:
        key = new_key(session.scalars(select(Image.id)).one())
        owe_erasure(session, [key], "unfinished", wait=timedelta(minutes=1))
    assert api.delete(DELETE, headers=bearer).status_code == 202
    own.images.put(key, b"put after the deletion")
    due_now(own)
    erase_due(own.sessions, own.images)
    assert files(folder) == []
    assert api.delete(DELETE, headers=bearer).status_code == 200
