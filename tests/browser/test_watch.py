"""What comes next changes as one clicks, on a phone; forms without scripts are tested without a
browser."""

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


def test_a_click_changes_what_comes_next_and_one_goes_on_at_its_place(
    moderator: NewModerator, world: World
) -> None:
    ana = moderator(role="analyst", size=NARROW)
    ana.open("/watch?viewer=u")
    _card(ana.page, "About coffee").get_by_role("button", name="Like").press("Enter")
    expect(_next(ana.page)).to_have_text(["About cake", "About car"])
    expect(_card(ana.page, "About cake")).to_contain_text("Because you liked “About coffee”.")
    expect(ana.page.locator(".liked")).to_contain_text("About coffee")
    expect(ana.page.locator("#said")).to_have_text("The list has changed.")
    expect(ana.page.locator("#shelves button:focus")).to_have_count(1)
    _card(ana.page, "About cake").get_by_role("button", name="Not for me").click()
    expect(_next(ana.page)).to_have_text(["About car"])

    ana.page.route("**/watch/opinions", lambda route: route.abort())
    _card(ana.page, "About car").get_by_role("button", name="Like").click()
    expect(ana.page.locator("#said")).to_contain_text("That did not arrive.")
    expect(_card(ana.page, "About car")).to_be_visible()
    ana.complaints.clear()  # the browser says, too, that it could not send
