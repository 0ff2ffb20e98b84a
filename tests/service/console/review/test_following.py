"""An answer given in the console, wherever there, brings about what follows from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from service.accounts import create
from service.app import create_app
from service.parts import Parts
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor
from tests.service.quality.people import KEY, cases, only

NewVisitor = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def measuring(parts: Parts) -> Flask:
    """The console of a service that draws every post, and slips in a control each second time."""
    shares = {"double_share": 1.0, "control_share": 0.5, "secret_key": KEY}
    config = parts.config.model_copy(update=shares)
    return create_app(config, Parts(**(vars(parts) | {"config": config})))


@pytest.fixture
def person(measuring: Flask, parts: Parts) -> NewVisitor:
    """``person("mina")``: a moderator who is signed in there."""

    def make(name: str) -> Visitor:
        with parts.sessions.begin() as session:
            _, password = create(session, name, "moderator")
        visitor = Visitor(measuring.test_client())
        assert visitor.sign_in(name, password).status_code == 303
        return visitor

    return make


def test_from_the_queue_to_the_third_person_and_back_as_a_control(
    person: NewVisitor, parts: Parts
) -> None:
    mina, jun, sol = person("mina"), person("jun"), person("sol")
    add_post(parts, "p-1", {"카페": "irrelevant"})

    def answers(visitor: Visitor, verdict: str) -> str:
        address: str = visitor.get("/queue/next").location
        assert visitor.send(address, {"verdict-0": verdict}).status_code == 303
        return only(parts, id=int(address.rpartition("/")[2])).kind

    assert answers(mina, "relevant") == "review"
    assert mina.get("/queue/next").location == "/posts?tab=review"
    assert answers(jun, "irrelevant") == "double"
    assert answers(sol, "relevant") == "third"
    assert [one.closed_at is None for one in cases(parts)] == [False] * 3
    pia = person("pia")
    add_post(parts, "p-2", {"카페": "irrelevant"})
    assert answers(pia, "irrelevant") == "review"
    assert answers(pia, "irrelevant") == "control"


def test_from_a_list_and_together_too(person: NewVisitor, parts: Parts) -> None:
    mina = person("mina")
    listed, alike = (add_post(parts, name, {"카페": "irrelevant"}) for name in ("p-1", "p-2"))
    mina.send(f"/posts/{listed}", {"agree": "1", "saw_review": "0"})
    assert only(parts, kind="double").post_id == listed
    mina.send(f"/posts/{alike}/together", {"post": str(alike), "verdict-0": "relevant"})
    assert [one.post_id for one in cases(parts, kind="double")] == [listed, alike]
