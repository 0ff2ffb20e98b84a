"""The page of the API is searched, and its examples are copied."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from service.console.apidocs.pages import operations
from tests.browser.conftest import NewModerator

pytestmark = pytest.mark.browser


def test_the_api_is_searched_and_an_example_copied(moderator: NewModerator) -> None:
    mina = moderator()
    page = mina.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=mina.address)
    mina.open("/docs")
    sections = page.locator(".operation")
    everything = sections.count()
    assert everything == sum(map(len, operations()))
    page.get_by_role("searchbox", name="Search the API").fill("superseded author cursor")
    expect(sections.filter(visible=True)).to_have_count(1)
    listed = page.locator("#listPosts")
    listed.get_by_role("button").first.click()
    expect(listed.get_by_role("button").first).to_have_text("✓")
    (call,) = [call for call in operations()[0] if call.id == "listPosts"]
    assert page.evaluate("navigator.clipboard.readText()") == call.curl
    page.get_by_role("searchbox", name="Search the API").fill("quaternion")
    expect(page.get_by_text("Nothing in the API has these words.")).to_be_visible()


def test_without_scripts_all_of_it_is_there(moderator: NewModerator) -> None:
    mina = moderator(scripts=False)
    mina.open("/docs")
    expect(mina.page.locator(".operation").filter(visible=True)).to_have_count(
        sum(map(len, operations()))
    )
    expect(mina.page.get_by_role("searchbox")).to_have_count(0)
    expect(mina.page.get_by_role("button", name="Copy")).to_have_count(0)
