from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Moderator

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


def test_signing_out_closes_the_console(moderator: Callable[..., Moderator]) -> None:
    mina = moderator()
    mina.page.get_by_role("button", name="Sign out").click()
    expect(mina.page).to_have_url(f"{mina.address}/sign-in")
    mina.open("/posts")
    expect(mina.page.locator("h1")).to_contain_text("Sign in to Tagsift")
