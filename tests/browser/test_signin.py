from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from service.parts import Parts
from service.tables import Author
from tests.browser.conftest import Moderator
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser


def test_the_language_is_switched_in_the_header_and_stays(
    moderator: Callable[..., Moderator],
) -> None:
    mina = moderator()
    mina.page.get_by_role("button", name="한국어").click()
    expect(mina.page.locator("html")).to_have_attribute("lang", "ko")
    mina.open("/try")
    expect(mina.page.locator("h1")).to_have_text("시험해 보기")


def test_name_and_password_open_the_console(moderator: Callable[..., Moderator]) -> None:
    mina = moderator()
    mina.page.wait_for_load_state("networkidle")  # what is still answered would sign in again
    mina.page.context.clear_cookies()
    mina.open("/settings")
    mina.page.locator("#name").fill(mina.name)
    mina.page.locator("#password").fill(mina.password)
    mina.page.locator("#password").press("Enter")
    expect(mina.page).to_have_url(f"{mina.address}/settings")


def test_what_was_typed_outlives_a_session(
    moderator: Callable[..., Moderator], parts: Parts
) -> None:
    add_post(parts, "p-1", {"카페": "relevant"}, author_id="u-1")
    mina = moderator()
    mina.open("/author?id=u-1")
    mina.page.locator("#note").fill("sells watches")
    mina.page.context.clear_cookies()
    mina.page.get_by_role("button", name="Save").click()
    expect(mina.page.get_by_text("what you typed is still there")).to_be_visible()
    mina.complaints.clear()  # of the 401
    mina.sign_in_elsewhere()
    mina.page.go_back()
    expect(mina.page.locator("#note")).to_have_value("sells watches")
    mina.page.get_by_role("button", name="Save").click()
    expect(mina.page.locator(".notice.good")).to_contain_text("Saved.")
    with parts.sessions() as session:
        assert session.get_one(Author, "u-1").note == "sells watches"


def test_signing_out_closes_the_console(moderator: Callable[..., Moderator]) -> None:
    mina = moderator()
    mina.page.get_by_role("button", name="Sign out").click()
    expect(mina.page).to_have_url(f"{mina.address}/sign-in")
    mina.open("/posts")
    expect(mina.page.locator("h1")).to_contain_text("Sign in to Tagsift")
