"""A photograph over the whole window, and the one that bears a hashtag out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from service.parts import Parts
from service.preferences import Preferences, save
from service.tables import Post, User
from tests.browser.accessible import broken_rules
from tests.browser.conftest import Moderator
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]
Jpeg = Callable[..., bytes]


def _at(page: Page) -> tuple[float, float]:
    left, top = page.locator(".closer-view").evaluate("view => [view.scrollLeft, view.scrollTop]")
    return left, top


def test_a_photograph_is_looked_at_closely_by_keys_and_by_dragging(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    large = (jpeg(seed=1, size=(2400, 1800)), jpeg(seed=2, size=(2400, 1800)))
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, large)
    page = moderator().page
    page.goto(page.url.removesuffix("/posts") + f"/posts/{row}")
    page.keyboard.press("f")
    closer = page.get_by_role("dialog", name="A photograph, closer")
    expect(closer).to_contain_text("Photograph 1 of 2")
    expect(closer.locator("[data-hold]")).to_be_hidden()  # nothing is veiled
    photograph = closer.locator("img")
    assert photograph.evaluate("image => image.getBoundingClientRect().width") <= 1280
    assert broken_rules(page) == []
    page.keyboard.press("+")
    expect(photograph).to_have_js_property("width", 2400)
    middle = _at(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert (_at(page)[0] - middle[0], _at(page)[1] - middle[1]) == (120, 120)
    page.mouse.move(600, 300)
    page.mouse.down()
    page.mouse.move(650, 320)
    page.mouse.up()
    assert (_at(page)[0] - middle[0], _at(page)[1] - middle[1]) == (70, 100)
    page.keyboard.press("PageDown")
    expect(closer).to_contain_text("Photograph 2 of 2")
    expect(photograph).to_have_attribute("src", "/photographs/2")
    expect(closer.get_by_role("button", name="Next")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(closer).to_be_hidden()
    expect(page.locator('.jump [aria-current="true"]')).to_have_attribute("data-photograph", "2")


def test_a_veiled_photograph_is_veiled_over_the_whole_window_too(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (jpeg(seed=1), jpeg(seed=2)))
    mina = moderator()
    with parts.sessions.begin() as session:
        save(session, session.query(User).one().id, Preferences(blurred=True))
    asked: list[str] = []
    mina.page.on("request", lambda request: asked.append(request.url))
    mina.open(f"/posts/{row}")
    photograph = mina.page.locator("#closer img")
    mina.page.locator("[data-closer-open]").first.click()
    expect(photograph).to_have_attribute("src", "/photographs/1")
    mina.page.keyboard.press("PageDown")
    expect(photograph).to_have_attribute("src", "/photographs/2")
    assert not [url for url in asked if url.endswith("/revealed")]
    mina.page.keyboard.down("v")
    expect(photograph).to_have_attribute("src", "/photographs/2/revealed")
    mina.page.keyboard.press("PageUp")  # another photograph is covered, though the key is held
    expect(photograph).to_have_attribute("src", "/photographs/1")
    mina.page.keyboard.up("v")
    assert {url for url in asked if url.endswith("/photographs/1/revealed")} == set()


def test_a_key_shows_the_photograph_that_bears_the_hashtag_out(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    photographs = tuple(jpeg(seed=number) for number in range(3))
    row = add_post(parts, "p-1", {"카페": "relevant", "바다": "irrelevant"}, photographs)
    borne = [{"value": value} for value in (False, True, True)]
    with parts.sessions.begin() as session:
        verdict = session.get_one(Post, row).verdicts[0]
        verdict.trace = {"rules": {"cafe": {"rule": "food", "images": borne}}}
    mina = moderator()
    mina.open(f"/posts/{row}")
    mina.page.locator(".card", has_text="카페").hover()
    expect(mina.page.locator(".jump .bears")).to_have_count(2)
    mina.page.keyboard.press("j")  # the irrelevant hashtag comes first
    shown = mina.page.locator('.jump [aria-current="true"]')
    for number in ("2", "3", "2"):
        mina.page.keyboard.press("b")
        expect(shown).to_have_attribute("data-photograph", number)
    mina.page.locator(".card", has_text="바다").hover()
    expect(mina.page.locator(".bears")).to_have_count(0)
    expect(mina.page.locator(".card", has_text="바다")).not_to_have_text(re.compile("Borne out"))
