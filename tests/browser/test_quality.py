"""The page of quality in a real browser: every width, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import expect

from service.cases import open_case
from service.parts import Parts
from service.quality.kappa import ENOUGH
from service.tables import Post
from tests.browser.accessible import broken_rules
from tests.browser.conftest import NARROW, WIDE, Moderator
from tests.service.console.rows import add_post
from tests.service.quality.people import Team, only

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def measured(parts: Parts, jpeg: Callable[..., bytes]) -> None:
    """Twenty-four posts answered twice, three of them otherwise; one of these was decided."""
    make = Team(parts, {"double_share": 1.0})
    mina, jun, sol = make("minah"), make("jun-with-a-rather-long-name"), make("sol")
    for number in range(ENOUGH + 4):
        row = add_post(parts, f"p-{number}", {"카페": "irrelevant"}, (jpeg(seed=number),))
        answer = ("relevant", "irrelevant")[number % 2]
        first = mina.answers(only(parts, post_id=row, kind="review").id, 카페=answer)
        other = "unverifiable" if number < 3 else answer
        jun.answers(only(parts, review_id=first).id, 카페=other)
        if number == 1:
            sol.answers(only(parts, kind="third", post_id=row).id, 카페="relevant")


@pytest.mark.usefixtures("measured")
def test_figures_and_bars_fit_the_window(moderator: Callable[..., Moderator]) -> None:
    for language, size in product(("en", "ko"), (NARROW, WIDE)):
        ana = moderator(language, size, role="analyst")
        ana.open("/quality")
        expect(ana.page.locator(".measures tbody tr")).to_have_count(2 + 2)
        expect(ana.page.locator(".stacked:not(.measures) tbody tr")).to_have_count(3)
        bars = ana.page.locator(".range")
        assert bars.count() == 8
        for bar in bars.all():
            box = bar.bounding_box()
            assert box is not None
            assert 60 <= box["width"] <= 320
            assert box["x"] + box["width"] <= size["width"]
        assert not ana.page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_figures_and_an_appeal_hinder_nobody(
    moderator: Callable[..., Moderator], parts: Parts, jpeg: Callable[..., bytes], theme: str
) -> None:
    row = add_post(parts, "a-1", {"카페": "irrelevant"}, (jpeg(),), decided_by="moderator")
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        details = {"text": "한 줄\n" * 40, "hashtags": ["카페"]}
        appeal = open_case(session, post, "appeal", 9, details=details).id
    ada = moderator(role="admin", theme=theme)
    ada.open("/quality")
    assert broken_rules(ada.page) == []
    ada.open(f"/cases/{appeal}")
    expect(ada.page.locator(".appeal blockquote")).to_contain_text("한 줄")
    assert broken_rules(ada.page) == []
    buttons = ada.page.locator(".actions").bounding_box()
    assert buttons is not None
    assert buttons["y"] + buttons["height"] <= WIDE["height"]  # however much the author writes


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_control_is_chosen_and_put_aside_by_keyboard(
    moderator: Callable[..., Moderator], parts: Parts, scripts: bool
) -> None:
    add_post(parts, "c-1", {"카페": "relevant"}, decided_by="moderator")
    ana = moderator(scripts=scripts, role="analyst")
    ana.open("/quality?days=7")
    ana.page.locator("#post").focus()
    ana.page.keyboard.type("c-9")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("alert")).to_contain_text("No post has the id “c-9”.")
    ana.complaints.clear()  # the browser says aloud that the answer was 422
    ana.page.locator("#post").fill("c-1")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("status")).to_contain_text("Post c-1 is a control")
    ana.page.locator("summary", has_text="newest first: 1").focus()
    ana.page.keyboard.press("Enter")
    ana.page.get_by_role("button", name="Put aside").press("Enter")
    expect(ana.page.get_by_role("status")).to_contain_text("c-1 is no control any more")
    assert "days=7" in ana.page.url
