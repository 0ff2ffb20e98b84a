"""Hashtags are mapped by keyboard alone, in a real browser."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from rules import resolve
from service.parts import Parts
from service.screener import Screener
from service.tables import LexiconChange, Verdict
from tests.browser.conftest import Moderator
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser


@pytest.fixture
def unmapped(parts: Parts, jpeg: Callable[..., bytes]) -> None:
    for number, tag in enumerate(("쀍쀍", "쀍쀍", "쁅쁅")):
        row = add_post(parts, f"p{number}", {tag: "unverifiable"}, (jpeg(),))
        with parts.sessions.begin() as session:
            session.query(Verdict).filter_by(post_id=row).one().resolved_by = "none"


def test_a_category_that_is_ticked_is_what_the_hashtag_claims(
    moderator: Callable[..., Moderator], parts: Parts
) -> None:
    """It was dropped where another meaning stood there before."""
    mina = moderator()
    mina.open("/hashtags/일상")
    expect(mina.page.get_by_label("Nothing that can be seen")).to_be_checked()
    mina.page.get_by_label("cafe", exact=True).check()
    expect(mina.page.get_by_label("It claims")).to_be_checked()
    mina.page.get_by_role("button", name="Save").click()
    expect(mina.page.get_by_text("is changed, for every post from now on")).to_be_visible()
    with parts.sessions() as session:
        assert session.scalars(select(LexiconChange.categories)).all() == [["cafe"]]


@pytest.mark.usefixtures("unmapped")
def test_a_choice_and_a_confirmation_map_a_hashtag_for_every_process(
    moderator: Callable[..., Moderator], parts: Parts
) -> None:
    mina, elsewhere = moderator(), Screener(parts.config, parts.sessions)
    mina.open("/hashtags")
    expect(mina.page.locator(".tag-row.now")).to_have_attribute("data-tag", "쀍쀍")
    for key in "js":
        mina.page.keyboard.press(key)
    window = mina.page.get_by_role("dialog", name="What does it claim? #쁅쁅")
    expect(window).to_be_visible()
    mina.page.keyboard.press("Enter")  # nothing is chosen yet, so nothing is confirmed
    expect(window.locator(".confirm")).to_be_hidden()
    mina.page.keyboard.type("cafe")
    mina.page.keyboard.press("Enter")
    expect(window.get_by_role("button", name="Map #쁅쁅 to")).to_be_focused()
    assert resolve("쁅쁅", elsewhere.current().ruleset).resolved_by == "none"
    mina.page.keyboard.press("Enter")
    expect(mina.page.get_by_role("status").first).to_contain_text("#쁅쁅 is mapped")
    assert resolve("쁅쁅", elsewhere.current().ruleset).categories == ("cafe",)
    mina.page.keyboard.press("z")
    expect(mina.page.get_by_role("status").first).to_contain_text("#쁅쁅 means again")
    assert resolve("쁅쁅", elsewhere.current().ruleset).resolved_by == "none"


@pytest.mark.usefixtures("unmapped")
def test_no_single_key_maps_anything(moderator: Callable[..., Moderator], parts: Parts) -> None:
    mina = moderator()
    mina.open("/hashtags")
    for key in string.ascii_lowercase + string.digits + ",.;[]-=":
        mina.page.keyboard.press(key)
        mina.page.keyboard.press("Escape")
    with parts.sessions() as session:
        assert not session.scalars(select(LexiconChange)).all()


@pytest.mark.usefixtures("unmapped")
def test_keys_stay_letters_while_somebody_types(moderator: Callable[..., Moderator]) -> None:
    mina = moderator()
    mina.open("/hashtags")
    mina.page.get_by_label("Hashtag or category").fill("")
    mina.page.keyboard.type("sz")
    expect(mina.page.get_by_label("Hashtag or category")).to_have_value("sz")
    expect(mina.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.usefixtures("unmapped")
def test_without_scripts_each_row_has_its_form(
    moderator: Callable[..., Moderator], parts: Parts
) -> None:
    mina = moderator(scripts=False)
    mina.open("/hashtags")
    mina.page.get_by_label("What #쀍쀍 claims").select_option("pet")
    mina.page.locator(".tag-row").first.get_by_role("button", name="Map").click()
    expect(mina.page.get_by_role("status")).to_contain_text("#쀍쀍 is mapped")
    assert resolve("쀍쀍", parts.screener.current().ruleset).categories == ("pet",)


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, {"width": 1280, "height": 800}])
@pytest.mark.usefixtures("unmapped")
def test_nothing_is_wider_than_the_window(
    moderator: Callable[..., Moderator], size: dict[str, int]
) -> None:
    mina = moderator(size=size)
    for path in ("/hashtags", "/hashtags?search=카페", "/hashtags/성수동카페"):
        mina.open(path)
        wide = mina.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
