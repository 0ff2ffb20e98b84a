"""An upload is one post's: over its revisions, against others, until the post is deleted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from service.screening.batch import screen
from service.tables import Image, Post, Upload
from service.uploads.sweep import KNOWN_FOR, sweep_uploads
from tests.service.uploads.conftest import (
    Sender,
    erase_all,
    files,
    rules,
    run_out,
)

Jpeg = Callable[..., bytes]


def uploads(sender: Sender) -> int:
    with sender.parts.sessions() as session:
        return session.scalar(select(func.count(Upload.id))) or 0


def row_of(sender: Sender, name: str, revision: int = 1) -> int:
    with sender.parts.sessions() as session:
        return session.scalars(select(Post.id).filter_by(external_id=name, revision=revision)).one()


def decided(sender: Sender, name: str, revision: int = 1) -> list[tuple[str | None, str | None]]:
    """Screen a post; each photograph's hash and its error's code."""
    row = row_of(sender, name, revision)
    screen(sender.parts, [row])
    with sender.parts.sessions() as session:
        assert session.get_one(Post, row).state == "decided"
        images = session.scalars(select(Image).filter_by(post_id=row).order_by(Image.position))
        return [(image.sha256, (image.error or {}).get("code")) for image in images]


def test_a_post_is_decided_by_its_upload(sender: Sender, jpeg: Jpeg) -> None:
    key = sender.upload(jpeg(seed=1))
    assert sender.post("p-1", key, key).status_code == 202
    (first, error), second = decided(sender, "p-1")
    assert first is not None
    assert (error, second) == (None, (first, None))
    assert sender.state(key) == "stored"


def test_a_file_that_only_begins_like_a_photograph_is_told_by_the_decision(
    sender: Sender, jpeg: Jpeg
) -> None:
    key = sender.upload(b"\xff\xd8\xff" + b"x" * 100)
    sender.post("p-1", key)
    ((sha256, error),) = decided(sender, "p-1")
    assert (sha256, error) == (None, "not_an_image")


def test_what_cannot_be_named_is_refused_with_its_reason(sender: Sender, jpeg: Jpeg) -> None:
    waiting, late = sender.begin(jpeg())["key"], sender.upload(jpeg())
    good, video = (
        sender.upload(jpeg()),
        sender.upload(b"\0\0\0\x18ftypisom" + b"x" * 9, "video/mp4"),
    )
    run_out(sender.parts, late)
    for key, rule in (
        ("nobody's", "unknown_upload"),
        ("../../etc/passwd", "unknown_upload"),
        (waiting, "upload_waiting"),
        (late, "upload_expired"),
        (video, "wrong_type"),
    ):
        assert rules(sender.post("p-1", good, key)) == [("/images/1/upload", rule)]
    assert sender.post("p-1", good).status_code == 202, "a refused post has claimed nothing"


def test_two_posts_never_share_an_upload(sender: Sender, jpeg: Jpeg) -> None:
    key = sender.upload(jpeg())
    assert sender.post("p-1", key).status_code == 202
    assert sender.post("p-1", key).status_code == 202, "the same delivery again"
    assert rules(sender.post("p-2", key)) == [("/images/0/upload", "upload_claimed")]


@pytest.mark.parametrize("turn", range(3))
def test_of_many_posts_that_name_it_at_once_one_has_it(
    sender: Sender, jpeg: Jpeg, turn: int
) -> None:
    key = sender.upload(jpeg(seed=turn))
    with ThreadPoolExecutor(6) as pool:
        answers = pool.map(lambda number: sender.post(f"p-{number}", key).status_code, range(6))
    assert sorted(answers) == [202] + [422] * 5


def test_a_newer_revision_keeps_what_it_names_and_gives_the_rest_back(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    kept, given_up = jpeg(seed=1), jpeg(seed=2)
    keys = [sender.upload(kept), sender.upload(given_up)]
    sender.post("p-1", *keys)
    assert sender.post("p-1", keys[0], revision=2).status_code == 202
    erase_all(sender.parts)
    assert files(folder) == [kept]
    assert sender.state(keys[1]) == "404"
    assert rules(sender.post("p-1", *keys, revision=3)) == [("/images/1/upload", "unknown_upload")]
    assert decided(sender, "p-1", 2)[0][0] is not None
    assert sender.post("p-1", revision=3).status_code == 202
    erase_all(sender.parts)
    assert kept not in files(folder)


def test_an_older_revision_that_comes_late_claims_nothing(sender: Sender, jpeg: Jpeg) -> None:
    key = sender.upload(jpeg())
    sender.post("p-1", revision=2)
    answer = sender.post("p-1", key, revision=1)
    assert (answer.json or {})["state"] == "superseded"
    assert sender.post("p-2", key).status_code == 202


def test_a_deletion_takes_the_upload_and_its_receipt_says_so(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    key = sender.upload(jpeg())
    sender.post("p-1", key)
    decided(sender, "p-1")
    receipt = sender.delete("p-1")
    assert receipt["erased"]["uploads"] == 1
    assert (receipt["files_left"], receipt["erased_at"] is not None) == (0, True)
    assert (files(folder), uploads(sender)) == ([], 0)
    assert rules(sender.post("p-2", key)) == [("/images/0/upload", "unknown_upload")]
    again = sender.post("p-1", key)
    assert (again.json or {})["state"] == "deleted", "as any delivery of a deleted post"


def test_a_receipt_waits_for_a_store_that_is_away(sender: Sender, folder: Path, jpeg: Jpeg) -> None:
    sender.post("p-1", sender.upload(jpeg()))
    away = folder.rename(folder.with_name("away"))
    assert sender.delete("p-1")["files_left"] == 1
    away.rename(folder)
    assert len(files(folder)) == 1


def test_a_store_that_is_away_when_a_post_is_screened_decides_nothing(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    sender.post("p-1", sender.upload(jpeg(seed=3)))
    row = row_of(sender, "p-1")
    away = folder.rename(folder.with_name("away"))
    for _ in range(3):
        screen(sender.parts, [row])
    with sender.parts.sessions() as session:
        post = session.get_one(Post, row)
        assert (post.state, post.attempts) == ("pending", 0)
    if folder.exists():
        folder.rmdir()
    away.rename(folder)
    assert decided(sender, "p-1")[0][1] is None


def test_what_nobody_names_is_erased_and_in_the_end_forgotten(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    named, unnamed = sender.upload(jpeg(seed=1)), sender.upload(jpeg(seed=2))
    waiting = sender.begin(jpeg())["key"]
    sender.post("p-1", named)
    for key in (named, unnamed, waiting):
        run_out(sender.parts, key)
    sweep_uploads(sender.parts)
    erase_all(sender.parts)
    assert files(folder) == [jpeg(seed=1)]
    assert [sender.state(key) for key in (named, unnamed, waiting)] == [
        "stored",
        "expired",
        "expired",
    ]
    with sender.parts.sessions.begin() as session:
        old = func.clock_timestamp() - KNOWN_FOR
        session.execute(update(Upload).where(Upload.erased_at.is_not(None)).values(erased_at=old))
    sweep_uploads(sender.parts)
    assert uploads(sender) == 1


def test_a_file_is_the_posts_or_gone_however_claim_and_sweep_meet(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    """The time of each upload is over while posts name it and two sweeps run."""
    keys = [sender.upload(jpeg(seed=number)) for number in range(8)]

    def race(number: int) -> int:
        if number % 2:
            run_out(sender.parts, keys[number // 2])
            sweep_uploads(sender.parts)
            return 0
        return sender.post(f"p-{number // 2}", keys[number // 2]).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(race, range(16)))[::2]
    assert set(answers) <= {202, 422}
    sweep_uploads(sender.parts)
    erase_all(sender.parts)
    left = [jpeg(seed=number) for number, status in enumerate(answers) if status == 202]
    assert files(folder) == sorted(left)


@pytest.mark.parametrize("name", ["p-1", "p-2"])
def test_a_search_uses_an_upload_and_leaves_it_as_it_is(
    sender: Sender, folder: Path, jpeg: Jpeg, name: str
) -> None:
    key = sender.upload(jpeg(seed=1))
    answer = sender.http.post("/v1/similar", json={"image": {"upload": key}}, headers=sender.bearer)
    assert (answer.status_code, (answer.json or {}).get("posts")) == (200, [])
    assert sender.post(name, key).status_code == 202
    missing = sender.http.post(
        "/v1/similar", json={"image": {"upload": "x"}}, headers=sender.bearer
    )
    (error,) = (missing.json or {})["errors"]
    assert (missing.status_code, error["rule"]) == (422, "unknown_upload")
