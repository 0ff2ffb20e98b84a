"""The console on a phone of 360 by 740, and in the colours that somebody chose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from service.parts import Parts
from tests.browser.conftest import NARROW, Moderator
from tests.browser.queue import fill

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]
Jpeg = Callable[..., bytes]


def _box(part: Locator) -> tuple[float, float]:
    """Top and bottom, in pixels of the window."""
    box = part.bounding_box()
    assert box
    return box["y"], box["y"] + box["height"]


def test_the_first_hashtag_comes_before_what_was_seen_and_above_the_buttons(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 1)
    mina = moderator(size=NARROW)
    mina.open("/queue/next")
    mina.page.wait_for_load_state("networkidle")  # what stands beside the post arrives later
    expect(mina.page.locator(".seen-labels .labels").first).to_be_hidden()
    for card in mina.page.locator(".card:has([data-card])").all():
        mina.page.keyboard.press("j")
        answers = mina.page.locator(".card.now .answer")
        answers.scroll_into_view_if_needed()
        assert _box(answers)[1] <= _box(mina.page.locator(".actions"))[0], card
    mina.page.locator(".seen-labels summary").first.click()
    expect(mina.page.locator(".seen-labels .labels").first).to_be_visible()
    mina.page.locator(".remark summary").first.click()
    expect(mina.page.get_by_text("It is deleted with the post.")).to_be_visible()
    expect(mina.page.get_by_text("leaves the field")).to_be_hidden()  # no key is named


@pytest.mark.parametrize(("path", "field"), [("/hashtags", "#search"), ("/find", "#find")])
def test_a_search_field_can_be_typed_into(moderator: NewModerator, path: str, field: str) -> None:
    mina = moderator(size=NARROW)
    mina.open(path)
    search = mina.page.locator(field)
    search.click()  # fails where something lies over it
    mina.page.keyboard.type("cafe")
    expect(search).to_have_value("cafe")
    box = search.bounding_box()
    assert box
    assert box["width"] >= 150
    assert search.evaluate("field => getComputedStyle(field).fontSize") == "16px"


def test_the_tab_of_the_page_is_in_view(moderator: NewModerator) -> None:
    mina = moderator(size=NARROW, role="admin")
    mina.open("/audit")
    box = mina.page.locator(".top nav [aria-current]").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]


@pytest.mark.parametrize(
    ("chosen", "system", "ground"),
    [
        ("dark", "light", "rgb(15, 20, 27)"),
        ("light", "dark", "rgb(243, 245, 248)"),
        ("system", "dark", "rgb(15, 20, 27)"),
    ],
)
def test_the_chosen_theme_comes_before_that_of_the_system(
    moderator: NewModerator, chosen: str, system: str, ground: str
) -> None:
    mina = moderator(theme=system)
    mina.open("/settings")
    mina.page.locator(f"input[name=theme][value={chosen}]").check()
    mina.page.get_by_role("button", name="Save").click()
    expect(mina.page.locator(".notice.good")).to_be_visible()
    assert mina.page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
