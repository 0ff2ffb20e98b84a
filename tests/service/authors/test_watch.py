"""A watched author's posts go to a moderator, and what is kept goes with the last post."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from rules import Decision, Judgement
from service.authors import LONGEST_NOTE, AuthorError, save_note, under_watch
from service.authors.notes import subject
from service.authors.read import portrait
from service.campaigns.place import place_waiting
from service.parts import Parts
from service.posts.delete import delete_post
from service.screening.batch import screen
from service.tables import AuditEntry, Author, Case, Image, Post, User
from tests.service.campaigns.rows import add_one
from tests.service.console.rows import add_post


def kept(parts: Parts, author_id: str = "u-1", note: str = "", *, watched: bool = True) -> None:
    with parts.sessions.begin() as session:
        user = session.scalar(select(User))
        if user is None:
            user = User(name="mina", password_hash="-", role="moderator")
            session.add(user)
            session.flush()
        save_note(session, author_id, user, note, watched=watched)


@pytest.mark.parametrize(
    ("decision", "author", "expected"),
    [
        (Decision.PASS, "u-1", Decision.REVIEW),
        (Decision.FLAG, "u-1", Decision.FLAG),
        (Decision.PASS, "u-2", Decision.PASS),
    ],
)
def test_a_pass_of_a_watched_author_becomes_a_review(
    parts: Parts, decision: Decision, author: str, expected: Decision
) -> None:
    add_post(parts, "p-1", {"카페": "relevant"})
    kept(parts)
    with parts.sessions() as session:
        found = under_watch(session, author, Judgement((), decision, {"en": "", "ko": ""}))
    assert found.decision is expected


def test_screening_sends_a_watched_authors_post_to_the_queue(
    parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    add_post(parts, "p-1", {"카페": "relevant"})
    kept(parts)
    row = add_post(parts, "p-2", {}, state="pending", decision=None, decided_by=None)
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        post.hashtags = ["일상"]  # claims nothing that can be seen, so the rules let it pass
        post.images.append(Image(position=0, source_bytes=jpeg()))
    screen(parts, [row])
    with parts.sessions() as session:
        post = session.get_one(Post, row)
        assert (post.state, post.decision) == ("decided", "review")
        assert (post.reason or {})["en"] == "Every post of this author is shown to a moderator."
        kinds = session.scalars(select(Case.kind).where(Case.post_id == row)).all()
    assert kinds == ["review"]


def test_what_is_kept_goes_with_the_last_post(parts: Parts) -> None:
    for name in ("p-1", "p-2"):
        add_post(parts, name, {"카페": "relevant"})
    kept(parts, note="sells watches")
    left = []
    for name in ("p-1", "p-2"):
        with parts.sessions.begin() as session:
            delete_post(session, name)
        with parts.sessions() as session:
            left.append(session.scalar(select(func.count()).select_from(Author)))
    assert left == [1, 0]


def test_nothing_kept_leaves_no_row_and_the_log_names_nobody(parts: Parts) -> None:
    add_post(parts, "p-1", {"카페": "relevant"}, author_id="somebody")
    kept(parts, "somebody", "a secret")
    kept(parts, "somebody", watched=False)
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Author)) == 0
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.subject for entry in entries] == [subject("somebody")] * 2
        told = str([entry.details for entry in entries])
    assert "secret" not in told
    assert "somebody" not in told


def test_who_changed_it_last_stands_with_the_time_of_then(parts: Parts) -> None:
    add_post(parts, "p-1", {"카페": "relevant"})
    times = []
    for note in ("sells watches", "sells shoes"):
        kept(parts, note=note)
        with parts.sessions() as session:
            times.append(session.get_one(Author, "u-1").changed_at)
    assert times[0] < times[1]


@pytest.mark.parametrize(
    ("author", "note", "why"), [("u-1", "x" * (LONGEST_NOTE + 1), "long"), ("u-9", "x", "nobody")]
)
def test_what_cannot_be_kept_is_refused(parts: Parts, author: str, note: str, why: str) -> None:
    add_post(parts, "p-1", {"카페": "relevant"})
    with pytest.raises(AuthorError) as refused:
        kept(parts, author, note)
    assert refused.value.why == why


def test_a_portrait_counts_what_people_found_and_copies_of_others(parts: Parts) -> None:
    add_one(parts, "original", 0, author_id="u-first")
    add_one(parts, "copy", 0, author_id="u-1")
    add_one(parts, "own", 60, author_id="u-1", decided_by="moderator")
    add_one(parts, "good", 80, author_id="u-1", decided_by="moderator", decision="pass")
    place_waiting(parts)
    with parts.sessions() as session:
        found = portrait(session, "u-1")
        first = portrait(session, "u-first")
        nobody = portrait(session, "u-none")
    assert nobody is None
    assert found is not None
    assert first is not None
    assert (found.posts, found.irrelevant.hits, found.irrelevant.of) == (3, 1, 2)
    assert (found.copies.hits, first.copies.hits) == (1, 0)
    assert [post.external_id for post in found.last] == ["good", "own", "copy"]
