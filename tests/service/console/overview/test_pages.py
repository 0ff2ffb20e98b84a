"""The overview, as analysts, admins and moderators see it."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest

from service.accounts import create
from service.console.overview.pages import SECTIONS
from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor
from tests.service.overview.rows import (
    add_case,
    add_delivery,
    add_post,
    add_review,
    counted,
    settle,
)

EMPTY = [
    "No post was decided in this period",
    "No case is open",
    "No case was open in this period",
    "No flagged post of this period has been settled yet",
    "No post of this period that passed has been checked yet",
    "No photograph of this period has been looked at",
    "Nobody answered a case in this period",
    "There was no callback to send in this period",
]


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page)))


def _rows(visitor: Visitor, name: str, query: str = "") -> list[dict[str, str]]:
    answer = visitor.get(f"/overview/{name}.csv{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.fixture
def posts(parts: Parts) -> None:
    """Three cafes and a gym of the last minutes: two flags, one of them confirmed; a spot check."""
    now = datetime.now(UTC)
    bundle = parts.screener.current().bundle.id
    with parts.sessions.begin() as session:
        user, _ = create(session, "somebody")
        seen = [{"food": True, "sea": False}]
        made = [
            add_post(session, now, {"cafe": said}, seen, bundle=bundle)
            for said in ("irrelevant", "irrelevant", "relevant")
        ]
        made.append(add_post(session, now, {"gym": "uncertain"}, bundle=bundle))
        settle(made[0], {"cafe": "irrelevant"})
        settle(made[1], {"cafe": "relevant"})
        add_review(session, made[0], user, {"cafe": "irrelevant"}, seconds=7)
        add_review(session, made[2], user, {"cafe": "irrelevant"}, seconds=9, kind="spot_check")
        add_case(session, now - timedelta(hours=2), post=made[3])
        add_delivery(session, made[0], "delivered", now)
        add_delivery(session, made[1], "dead", now)
        counted(session)


@pytest.mark.parametrize("role", ["moderator", "analyst", "admin"])
def test_everybody_who_is_signed_in_may_read_it(signed_in: NewVisitor, role: str) -> None:
    page = signed_in(role, role).get("/overview")
    assert page.status_code == 200
    assert 'aria-current="page">Overview</a>' in page.text


def test_before_any_post_each_part_says_what_is_missing(mina: Visitor) -> None:
    page = mina.get("/overview").text
    assert [sentence for sentence in EMPTY if sentence not in page] == []
    assert 'class="chart"' not in page


@pytest.mark.usefixtures("posts")
def test_figures_stand_at_the_top(mina: Visitor) -> None:
    words = _words(mina.get("/overview").text)
    for said in (
        "Posts by decision, per hour 4",
        "Age of the open cases 2 hours the only open case",
        "Flags that people confirm 50% 9% to 91%, of 2",
        "Passes that spot checks overturn 100% 21% to 100%, of 1",
        "Drift of the labels – too little to tell a drift",
        "Time per review 8 s the median of 2",
        "Callbacks 1 given up; on their way: 0",
    ):
        assert said in words, said
    assert "Callbacks : Given up: 1." in words


@pytest.mark.usefixtures("posts")
def test_charts_are_drawings_with_names_and_words(mina: Visitor) -> None:
    page = mina.get("/overview").text
    charts = re.findall(r'<svg class="chart".*?\n</svg>', page, re.DOTALL)
    assert len(charts) == 5
    for chart in charts:
        drawing = ElementTree.fromstring(chart)  # noqa: S314  # our own page
        assert drawing.get("role") == "img"
        named = [drawing.find("title"), drawing.find("desc")]
        ids = [one.get("id") for one in named if one is not None and one.text]
        assert " ".join(str(one) for one in ids) == drawing.get("aria-labelledby")


@pytest.mark.usefixtures("posts")
def test_what_a_chart_draws_is_what_its_table_says(mina: Visitor) -> None:
    page = mina.get("/overview").text
    drawn = re.findall(r": (passed|doubtful|flagged) (\d+)</title>", page)
    rows = _rows(mina, "posts")
    assert sorted(drawn) == [("doubtful", "1"), ("flagged", "2"), ("passed", "1")]
    assert len(rows) == 24
    assert {name: rows[-1][name] for name in ("pass", "review", "flag", "posts")} == {
        "pass": "1",
        "review": "1",
        "flag": "2",
        "posts": "4",
    }


@pytest.mark.usefixtures("posts")
def test_every_table_is_a_file(mina: Visitor) -> None:
    assert [row["cases"] for row in _rows(mina, "ages")] == ["0", "0", "1", "0", "0", "0", "0"]
    assert _rows(mina, "backlog")[-1]["open"] == "1"
    flags = _rows(mina, "flags")
    assert [(row["category"], row["confirmed"], row["settled"]) for row in flags] == [
        ("", "1", "2"),
        ("cafe", "1", "2"),
        ("", "1", "2"),
    ]
    assert flags[2]["ruleset"] == "r-1"
    assert _rows(mina, "spot_checks")[0]["share"] == "1.0"
    assert _rows(mina, "labels")[-1]["food"] == "1.0"
    assert _rows(mina, "labels")[-1]["photographs"] == "3"
    assert [row["reviews"] for row in _rows(mina, "reviews")][:3] == ["0", "2", "0"]
    assert _rows(mina, "callbacks")[-1]["dead"] == "1"


@pytest.mark.usefixtures("posts")
def test_a_category_and_a_period_can_be_chosen(mina: Visitor) -> None:
    rows = _rows(mina, "posts", "?period=7d&category=gym")
    assert len(rows) == 28
    assert rows[-1]["posts"] == "1"
    words = _words(mina.get("/overview?period=30d&category=gym").text)
    assert "Only posts with a hashtag of this category: gym" in words
    assert "No flagged post of this period has been settled yet" in words
    assert "By category" in mina.get("/overview").text
    assert "By category" not in mina.get("/overview?category=cafe").text


def test_a_category_that_no_rule_knows_any_more_can_still_be_looked_at(mina: Visitor) -> None:
    page = mina.get("/overview?category=quilting&period=nonsense")
    assert page.status_code == 200
    assert '<option value="quilting" selected>quilting</option>' in page.text


def test_a_category_that_no_text_can_hold_is_refused(mina: Visitor) -> None:
    assert mina.get("/overview?category=a%00b").status_code == 400
    assert mina.get("/overview/posts.csv?category=%00").status_code == 400


def test_a_file_that_is_none_is_not_found(mina: Visitor) -> None:
    assert mina.get("/overview/secrets.csv").status_code == 404


@pytest.mark.usefixtures("posts")
def test_the_page_has_no_script_or_style_inside(mina: Visitor) -> None:
    page = mina.get("/overview").text
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


@pytest.mark.usefixtures("posts")
def test_the_page_is_korean_where_korean_is_asked_for(signed_in: NewVisitor) -> None:
    words = _words(signed_in("mina", "analyst", "ko").get("/overview").text)
    assert "결정별 게시물(1시간 단위) 4" in words
    assert "Posts" not in words


def test_a_drift_beyond_chance_is_said_at_the_top(parts: Parts, mina: Visitor) -> None:
    now = datetime.now(UTC)
    bundle = parts.screener.current().bundle.id
    with parts.sessions.begin() as session:
        for day in range(2, 12):
            photographs = [{"sea": number < 4, "food": True} for number in range(40)]
            add_post(session, now - timedelta(days=day), photographs=photographs, bundle=bundle)
        photographs = [{"sea": number < 36, "food": True} for number in range(40)]
        add_post(session, now, photographs=photographs, bundle=bundle)
        counted(session)
    words = _words(mina.get("/overview").text)
    assert "Seen more or less often than chance and ordinary days explain: sea." in words
    assert "sea 10.0% 90.0% +80.0 beyond chance: more" in words
    assert "food 100.0% 100.0% 0 too little to tell" in words


def test_every_section_can_be_linked_to(mina: Visitor) -> None:
    page = mina.get("/overview").text
    for name in SECTIONS:
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page
        assert f'href="/overview/{name}.csv?period=24h"' in page
