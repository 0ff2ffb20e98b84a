"""Why a person answered so: a reason from the list, a note, and where they go."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from service.accounts import create
from service.parts import Parts
from service.posts.delete import delete_post
from service.reviews import standing
from service.reviews.export import LABELLED, UNLABELLED, export, settled
from service.reviews.remark import LONGEST_NOTE, REASONS, Remark, RemarkError
from service.settlement import correct, undo
from service.tables import AuditEntry, Post, Review, User
from tests.service.console.rows import add_post

SAID = Remark("advertisement", "=HYPERLINK(shop)")


def _correct(parts: Parts, row: int, remark: Remark = SAID) -> int:
    with parts.sessions.begin() as session:
        user = create(session, "mina")[0]
        post = session.get_one(Post, row)
        answers = {"a": "irrelevant"}
        return correct(session, post, user, answers, parts.config, remark=remark).id


def test_every_reason_has_a_title_in_both_languages() -> None:
    assert {frozenset(titles) for titles in REASONS.values()} == {frozenset({"en", "ko"})}


@pytest.mark.parametrize("said", [("nonsense", None), (None, "x" * (LONGEST_NOTE + 1))])
def test_what_is_not_on_the_list_or_too_long_is_refused(
    said: tuple[str | None, str | None],
) -> None:
    with pytest.raises(RemarkError):
        Remark(*said)


def test_it_is_stored_shown_and_taken_back_with_the_answer(parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "uncertain"})
    review_id = _correct(parts, row)
    with parts.sessions.begin() as session:
        now = standing(session, session.get_one(Post, row))
        assert (now.reason, now.note) == (SAID.reason, SAID.note)
        review = session.get_one(Review, review_id)
        undo(session, review, session.get_one(User, review.user_id), parts.config)
        after = standing(session, session.get_one(Post, row))
        assert (after.reason, after.note) == (None, None)


def test_the_log_that_keeps_everything_names_the_reason_and_not_the_note(parts: Parts) -> None:
    _correct(parts, add_post(parts, "p-1", {"a": "uncertain"}))
    with parts.sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "post.settled")).one()
        assert (entry.details["reason"], entry.details["note"]) == ("advertisement", True)
        logged = session.scalars(select(AuditEntry.details)).all()
    assert "HYPERLINK" not in str(logged)


def test_it_goes_with_the_post(parts: Parts) -> None:
    _correct(parts, add_post(parts, "p-1", {"a": "uncertain"}))
    with parts.sessions.begin() as session:
        delete_post(session, "p-1")
    with parts.sessions() as session:
        assert session.scalars(select(Review.note)).all() == []


def test_the_export_has_it_and_no_spreadsheet_runs_it(
    parts: Parts, jpeg: Callable[..., bytes], tmp_path: Path
) -> None:
    _correct(parts, add_post(parts, "p-1", {"a": "uncertain"}, (jpeg(),)))
    export(settled(parts.sessions, None), parts.images, {}, [], tmp_path)
    rows = []
    for name in (LABELLED, UNLABELLED):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    assert [(row["reason"], row["note"]) for row in rows] == [
        ("advertisement", "'=HYPERLINK(shop)")
    ]
