"""An admin lets somebody in, and out again, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from service.parts import Parts
from tests.browser.conftest import NARROW, WIDE, Moderator

pytestmark = pytest.mark.browser

CHOSEN = "five dogs and a long walk"


def _add(page: Page, name: str, role: str) -> str:
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("radio", name=role).check()
    page.get_by_role("button", name="Add").press("Enter")
    return page.locator(".secret").inner_text()


def _sign_in(page: Page, address: str, name: str, password: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")


def test_somebody_is_added_chooses_a_password_and_is_disabled_while_at_work(
    moderator: Callable[..., Moderator],
) -> None:
    ada = moderator(role="admin")
    one_time = _add(ada.page, "jimin", "moderator")
    browser = ada.page.context.browser
    assert browser
    with browser.new_context(locale="en", viewport=WIDE) as context:
        jimin = context.new_page()
        _sign_in(jimin, ada.address, "jimin", one_time)
        expect(jimin.locator("h1")).to_have_text("Choose your password")
        jimin.get_by_label("Current password").fill(one_time)
        jimin.get_by_label("New password", exact=True).fill(CHOSEN)
        jimin.get_by_label("New password, again").fill(CHOSEN)
        jimin.get_by_role("button", name="Change the password").press("Enter")
        expect(jimin).to_have_url(f"{ada.address}/posts")

        ada.page.get_by_role("link", name="Done").press("Enter")
        ada.page.get_by_role("link", name="jimin").press("Enter")
        ada.page.get_by_role("button", name="Disable the account").press("Enter")
        expect(ada.page.get_by_role("status").first).to_contain_text("its sessions have ended")

        jimin.goto(f"{ada.address}/posts")
        expect(jimin.locator("h1")).to_contain_text("Sign in to Tagsift")
        _sign_in(jimin, ada.address, "jimin", CHOSEN)
        expect(jimin.get_by_role("alert")).to_have_text("This account is disabled. Ask an admin.")

    ada.page.get_by_role("link", name="What was done to this account").press("Enter")
    log = ada.page.locator(".entry")
    expect(log.first).to_contain_text("session.refused")
    expect(log.filter(has_text="account.disabled")).to_contain_text("mina0")


def test_without_scripts_all_of_it_works(moderator: Callable[..., Moderator]) -> None:
    ada = moderator(role="admin", scripts=False)
    _add(ada.page, "jimin", "analyst")
    ada.open("/people")
    ada.page.get_by_role("link", name="jimin").click()
    ada.page.get_by_role("radio", name="moderator").check()
    ada.page.get_by_role("button", name="Change the role").click()
    expect(ada.page.get_by_role("status").first).to_contain_text("The role is changed.")
    expect(ada.page.get_by_role("radio", name="moderator")).to_be_checked()


def test_somebody_who_may_not_sees_no_way_there(moderator: Callable[..., Moderator]) -> None:
    mina = moderator()
    expect(mina.page.get_by_role("link", name="Posts", exact=True)).to_be_visible()
    expect(mina.page.get_by_role("link", name="People", exact=True)).to_have_count(0)
    expect(mina.page.get_by_role("link", name="Audit log")).to_have_count(0)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_is_wider_than_the_window(
    moderator: Callable[..., Moderator], parts: Parts, size: dict[str, int], language: str
) -> None:
    ada = moderator(language, size, role="admin")
    for path in ("/people", "/people/1", "/audit", "/password"):
        ada.open(path)
        wide = ada.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
