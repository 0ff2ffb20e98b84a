"""What comes next changes as one clicks, with a script and without, also on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from service.parts import Parts
from tests.browser.conftest import NARROW, Moderator
from tests.service.recommend.conftest import World

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


@pytest.fixture
def world(parts: Parts) -> World:
    """Two people like coffee and cake."""
    world = World(parts)
    world.items("coffee", "cake", "car")
    for person in ("v", "w"):
        world.like(person, "coffee", "cake")
    return world


def _next(page: Page) -> Locator:
    return page.locator("[data-next] h3")


def _card(page: Page, title: str) -> Locator:
    return page.locator("[data-next] .card").filter(has_text=title)


@pytest.mark.parametrize("scripts", [True, False])
def test_after_a_like_something_else_comes_next(
    moderator: NewModerator, world: World, scripts: bool
) -> None:
    ana = moderator(role="analyst", scripts=scripts, size=NARROW)
    ana.open("/watch?viewer=u")
    _card(ana.page, "About coffee").get_by_role("button", name="Like").click()
    expect(_next(ana.page)).to_have_text(["About cake", "About car"])
    expect(_card(ana.page, "About cake")).to_contain_text("Because you liked “About coffee”.")
    expect(ana.page.locator(".liked")).to_contain_text("About coffee")
    _card(ana.page, "About cake").get_by_role("button", name="Not for me").click()
    expect(_next(ana.page)).to_have_text(["About car"])


def test_by_keyboard_one_goes_on_at_the_same_place(moderator: NewModerator, world: World) -> None:
    ana = moderator(role="analyst")
    ana.open("/watch?viewer=u")
    _card(ana.page, "About coffee").get_by_role("button", name="Like").press("Enter")
    expect(_next(ana.page)).to_have_text(["About cake", "About car"])
    expect(ana.page.locator("#said")).to_have_text("The list has changed.")
    expect(ana.page.locator("#shelves button:focus")).to_have_count(1)


def test_a_click_that_does_not_arrive_is_said(moderator: NewModerator, world: World) -> None:
    ana = moderator(role="analyst")
    ana.open("/watch?viewer=u")
    ana.page.route("**/watch/opinions", lambda route: route.abort())
    _card(ana.page, "About coffee").get_by_role("button", name="Like").click()
    expect(ana.page.locator("#said")).to_contain_text("That did not arrive.")
    expect(_card(ana.page, "About coffee")).to_be_visible()
    ana.complaints.clear()  # the browser says, too, that it could not send
