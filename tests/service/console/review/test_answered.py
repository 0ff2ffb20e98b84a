"""What a script is told when an answer was taken."""

from __future__ import annotations

import re

from service.parts import Parts
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor


def test_a_script_gets_undo_and_the_count_and_no_page(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"})
    add_post(parts, "p-2", {"카페": "irrelevant"})
    case = mina.get("/queue/next").location
    answer = mina.send(case, {"agree": "1"}, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["seen"] == "1 seen today"
    assert "Settled: post p-1 is flagged." in answer.json["undo"]
    assert re.search(rf'action="/reviews/{answer.json["review"]}/undo"', answer.json["undo"])
    assert mina.get(answer.json["next"]).status_code == 200


def test_what_was_seen_stays_seen_when_it_is_taken_back(mina: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"})
    case = mina.get("/queue/next").location
    answer = mina.send(case, {"agree": "1"}, headers={"Accept": "application/json"})
    assert answer.json is not None
    page = mina.send(f"/reviews/{answer.json['review']}/undo", {}, follow_redirects=True)
    assert "1 seen today" in page.text
