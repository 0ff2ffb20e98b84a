"""The overview in a real browser: its drawings are as large as its numbers, at every width."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from service.accounts import create
from service.parts import Parts
from tests.browser.accessible import broken_rules
from tests.browser.conftest import NARROW, WIDE, Moderator
from tests.service.overview.rows import (
    add_case,
    add_delivery,
    add_post,
    add_review,
    counted,
    settle,
)

pytestmark = pytest.mark.browser
HUGE: ViewportSize = {"width": 2560, "height": 1300}
FONT_SIZES = """[...new Set([...document.querySelectorAll(".chart text")].map(
  one => parseFloat(getComputedStyle(one).fontSize)))]"""
PLACES = """[...document.querySelectorAll("#posts .chart .across")].map(
  one => one.getBoundingClientRect()).map(box => [box.x, box.width])"""
RECTANGLES = """selector => [...document.querySelectorAll(selector)].map(
  one => [one.querySelector("title").textContent, one.getBoundingClientRect().height])"""
CELLS = """selector => [...document.querySelectorAll(selector)].map(
  row => [...row.querySelectorAll("th, td")].map(cell => cell.textContent))"""
CHARTS = ("posts", "ages", "backlog", "reviews", "callbacks")


@pytest.fixture
def month(parts: Parts) -> None:
    """Twenty days with something in every part of the page."""
    now = datetime.now(UTC)
    bundle = parts.screener.current().bundle.id
    with parts.sessions.begin() as session:
        user, _ = create(session, "somebody")
        for hours in range(0, 480, 9):
            at = now - timedelta(hours=hours, minutes=5)
            said = ("relevant", "irrelevant", "uncertain")[hours % 3]
            seen = [{"food": number < hours % 4, "sea": None} for number in range(5)]
            post = add_post(session, at, {"cafe": said, "pet": "relevant"}, seen, bundle=bundle)
            add_delivery(session, post, ("delivered", "dead", "pending")[hours % 3], at)
            kind = "review" if said == "irrelevant" else "spot_check"
            add_review(session, post, user, {"cafe": "irrelevant"}, seconds=hours / 5, kind=kind)
            add_case(session, at, at + timedelta(hours=30) if hours % 2 else None, post=post)
            if said == "irrelevant":
                settle(post, {"cafe": "relevant"} if hours % 2 else {})
        counted(session)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _drawn(page: Page, name: str) -> list[tuple[int, float]]:
    """What each rectangle of a chart says it stands for, and how high it is on the screen."""
    drawn = page.evaluate(RECTANGLES, f"#{name} .chart rect")
    return [(_number(re.split(r"[ :]", says)[-1]), height) for says, height in drawn]


def _table(page: Page, name: str) -> list[list[str]]:
    rows: list[list[str]] = page.evaluate(CELLS, f"#{name} .behind tbody tr")
    return rows


@pytest.mark.usefixtures("month")
def test_columns_are_as_high_as_their_tables_say(moderator: Callable[..., Moderator]) -> None:
    ana = moderator(role="analyst")
    ana.open("/overview?period=30d")
    for name in CHARTS:
        drawn = _drawn(ana.page, name)
        cells = [_number(cell) for row in _table(ana.page, name) for cell in row[1:]]
        assert drawn
        assert {count for count, _ in drawn} <= set(cells), name
    for name, columns in (("posts", 3), ("callbacks", 4), ("ages", 1), ("reviews", 1)):
        drawn = _drawn(ana.page, name)
        table = [_number(one) for row in _table(ana.page, name) for one in row[1 : columns + 1]]
        assert sorted(count for count, _ in drawn) == sorted(one for one in table if one), name
        # The stroke of a rectangle belongs to its box on the screen, but not to its height.
        units = [(height - 1) / count for count, height in drawn]
        assert max(units) / min(units) < 1.35, name


@pytest.mark.usefixtures("month")
def test_the_table_behind_a_chart_opens_by_key_and_is_a_file_without_scripts(
    moderator: Callable[..., Moderator], tmp_path: Path
) -> None:
    ana = moderator(role="analyst", scripts=False)
    ana.open("/overview?period=30d")
    section = ana.page.locator("#flags")
    section.locator("summary").focus()
    ana.page.keyboard.press("Enter")
    expect(section.locator(".behind table")).to_be_visible()
    with ana.page.expect_download() as download:
        section.get_by_text("Download as CSV").click()
    download.value.save_as(tmp_path / "flags.csv")
    assert download.value.suggested_filename == "flags-30d.csv"
    lines = (tmp_path / "flags.csv").read_text().splitlines()
    assert lines[0] == "category,bundle,ruleset,confirmed,settled,share,low,high"
    assert len(lines) - 1 == section.locator(".behind tbody tr").count()


@pytest.mark.usefixtures("month")
def test_a_period_and_a_category_are_chosen_without_scripts(
    moderator: Callable[..., Moderator],
) -> None:
    ana = moderator(role="analyst", scripts=False)
    ana.open("/overview")
    ana.page.get_by_role("link", name="7 days").click()
    ana.page.get_by_label("Category").select_option("pet")
    ana.page.get_by_role("button", name="Show").click()
    assert ana.page.url.endswith("/overview?period=7d&category=pet")
    expect(ana.page.get_by_role("heading", name="Posts by decision, per six hours")).to_be_visible()


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize(
    ("language", "theme", "looked_at"), [("en", "dark", HUGE), ("ko", "light", NARROW)]
)
def test_it_can_be_read_at_every_width(
    moderator: Callable[..., Moderator], language: str, theme: str, looked_at: ViewportSize
) -> None:
    ana = moderator(language=language, theme=theme)
    for size in (NARROW, WIDE, HUGE):
        ana.page.set_viewport_size(size)
        ana.open("/overview?period=30d")
        ana.page.evaluate(
            "document.querySelectorAll('details').forEach(one => { one.open = true })"
        )
        assert ana.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert ana.page.evaluate(FONT_SIZES) == [12]
        places = ana.page.evaluate(PLACES)
        shown = sorted(place for place in places if place[1])
        assert shown
        assert all(x + width < after for (x, width), (after, _) in pairwise(shown))
        if size == looked_at:
            assert broken_rules(ana.page) == []
