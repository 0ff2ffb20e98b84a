from __future__ import annotations

import threading

from service.accounts import create
from service.parts import Parts
from service.reviews import standing
from service.settlement import correct
from service.tables import Post
from tests.service.console.rows import add_post


def test_a_post_that_nobody_answered(parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    with parts.sessions() as session:
        now = standing(session, session.get_one(Post, row))
    assert (now.last_review, now.by, now.newer) == (0, None, None)


def test_the_last_answer_and_who_gave_it(parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        for name in ("mina", "ada"):
            correct(session, post, create(session, name)[0], {"a": "relevant"}, parts.config)
        now = standing(session, post)
    assert (now.last_review, now.by, now.answers) == (2, "ada", {"a": "relevant"})


def test_the_newest_revision_that_took_its_place(parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"}, state="superseded")
    add_post(parts, "p-1", {"a": "irrelevant"}, revision=2, state="superseded")
    newest = add_post(parts, "p-1", {"a": "irrelevant"}, revision=3)
    add_post(parts, "p-2", {"a": "irrelevant"}, revision=4)
    with parts.sessions() as session:
        assert standing(session, session.get_one(Post, row)).newer == newest


def test_of_two_answers_at_once_the_second_sees_the_first(parts: Parts) -> None:
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    saw: list[int] = []
    ready = threading.Barrier(8)

    def answer(name: str) -> None:
        with parts.sessions.begin() as session:
            user = create(session, name)[0]
            post = session.get_one(Post, row)
            ready.wait()
            saw.append(standing(session, post, lock=True).last_review)
            correct(session, post, user, {"a": "relevant"}, parts.config)

    threads = [threading.Thread(target=answer, args=(f"user-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(saw)) == 8
