"""Numbers, ids and texts that no row can have, in every address, query and form."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.incoming import whole_number
from tests.service.console.conftest import NewVisitor, signed_in

__all__ = ["signed_in"]

NO_NUMBERS = (
    "",
    " ",
    "²",
    "٣",
    "1_0",
    "+1",
    "-1",
    " 1",
    "1.0",
    "1e3",
    "0x1",
    "9" * 5000,
    str(2**63),
)


@pytest.mark.parametrize("text", [None, *NO_NUMBERS])
def test_what_is_no_whole_number(text: str | None) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), (str(2**63 - 1), 2**63 - 1)])
def test_whole_numbers(text: str, number: int) -> None:
    assert whole_number(text) == number


def test_a_whole_number_out_of_range() -> None:
    assert whole_number("5", least=6) is None
    assert whole_number("5", most=4) is None


def _addresses(app: Flask, number: str) -> list[tuple[str, str]]:
    """Every route with a row in its address, with this number as each row."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<int\b[^>]*>", number, rule.rule)
        if path == rule.rule:
            continue
        path = re.sub(r"<[^>]*>", "x", path)
        found += [(method, path) for method in (rule.methods or set()) & {"GET", "POST", "DELETE"}]
    return found


@pytest.mark.parametrize("number", [str(2**63), "9" * 5000, "0", str(2**63 - 1)])
def test_a_row_that_cannot_be_leads_nowhere(app: Flask, signed_in: NewVisitor, number: str) -> None:
    visitor = signed_in("root", role="admin")
    token = visitor.token("/settings")
    addresses = _addresses(app, number)
    assert len(addresses) > 10
    for method, path in addresses:
        if method == "POST":
            answer = visitor.client.post(path, data={"csrf_token": token})
        else:
            answer = visitor.client.open(path, method=method)
        assert answer.status_code < 500, (method, path)
        if number not in ("0", str(2**63 - 1)):
            assert answer.status_code in (404, 405), (method, path)


QUERIES = ("category", "author", "decision", "kind", "why", "post", "hashtag", "older", "tab", "q")


@pytest.mark.slow
def test_no_query_of_any_page_breaks_it(app: Flask, signed_in: NewVisitor) -> None:
    visitor = signed_in("root", role="admin")
    pages = [r.rule for r in app.url_map.iter_rules() if _is_page(r.rule) and "GET" in r.methods]  # type: ignore[operator]
    assert len(pages) > 10
    for page in pages:
        query = dict.fromkeys(QUERIES, "a\0b")
        assert visitor.client.get(page, query_string=query).status_code in (302, 303, 400), page
        for text in ("²", str(2**63), "9" * 5000, "\ud800".encode("utf-8", "replace").decode()):
            answer = visitor.client.get(page, query_string=dict.fromkeys((*QUERIES, "page"), text))
            assert answer.status_code < 500, (page, text)


def _is_page(rule: str) -> bool:
    return "<" not in rule and not rule.startswith(("/v1/", "/static", "/healthz", "/metrics"))


def test_a_form_with_nul_is_refused(signed_in: NewVisitor) -> None:
    visitor = signed_in()
    answer = visitor.send("/settings", {"anything": "a\0b"})
    assert answer.status_code in (400, 405)


@pytest.mark.parametrize("path", ["/v1/posts/p-1?revision=", "/v1/hashtags/x/posts?limit="])
@pytest.mark.parametrize("text", NO_NUMBERS[1:])
def test_a_number_of_the_apis_query_that_is_none(
    client: FlaskClient, bearer: dict[str, str], path: str, text: str
) -> None:
    answer = client.get(path + text.replace(" ", "%20").replace("+", "%2B"), headers=bearer)
    assert (answer.status_code, (answer.json or {})["code"]) == (400, "bad-query")


def test_nul_in_the_apis_query(client: FlaskClient, bearer: dict[str, str]) -> None:
    answer = client.get("/v1/hashtags/x/posts?cursor=%00", headers=bearer)
    assert (answer.status_code, (answer.json or {})["code"]) == (400, "bad-query")
