"""Tables are sorted by the column that the address names; nothing known comes last."""

from __future__ import annotations

import pytest
from flask import Flask

from service.console.frame.sorting import Column, Sorting

Row = tuple[str, int | None]
SORTING: Sorting[Row] = Sorting(
    "table",
    {"name": Column(lambda row: row[0], descending=False), "count": Column(lambda row: row[1])},
    usual="-count",
)
ROWS: list[Row] = [("b", 2), ("a", None), ("c", 7)]


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/table", "table", lambda: "")
    return app


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "cba"),
        ("?sort=-count", "cba"),
        ("?sort=count", "bca"),
        ("?sort=name", "abc"),
        ("?sort=-name", "cba"),
        ("?sort=nothing", "cba"),
        ("?sort=--name", "cba"),
    ],
)
def test_rows_stand_in_the_order_that_is_asked_for(app: Flask, query: str, names: str) -> None:
    with app.test_request_context(f"/table{query}"):
        assert "".join(name for name, _ in SORTING.rows(iter(ROWS))) == names


def test_a_second_click_turns_the_order_round(app: Flask) -> None:
    with app.test_request_context("/table?days=7"):
        assert SORTING.direction("count") == "descending"
        assert SORTING.direction("name") is None
        assert SORTING.address("count") == "/table?days=7&sort=count"
        assert SORTING.address("name") == "/table?days=7&sort=name"
    with app.test_request_context("/table?sort=name"):
        assert SORTING.direction("name") == "ascending"
        assert SORTING.address("name") == "/table?sort=-name"


def test_what_a_stranger_adds_to_the_address_is_only_carried_on(app: Flask) -> None:
    with app.test_request_context("/table?endpoint=x&_external=1&_anchor=y&a=%3Cb%3E"):
        address = SORTING.address("name")
    assert address == "/table?endpoint=x&_external=1&_anchor=y&a=%3Cb%3E&sort=name"
