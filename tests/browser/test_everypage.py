"""Every page of the console: accessible, quiet, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from service.parts import Parts
from tests.browser.conftest import Moderator
from tests.browser.everypage import NO_PAGES, PAGES, difficult

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
NewModerator = Callable[..., Moderator]
THEMES = [("en", "light"), ("ko", "dark"), ("en", "dark"), ("ko", "light")]
SIZES = [(360, 740), (1280, 800), (2560, 1440)]


def _serious(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def _wider(page: Page) -> Iterator[int]:
    """The widths at which one has to scroll sideways."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield width


def test_every_page_is_tested_here(app: Flask) -> None:
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    console = {endpoint for endpoint in rules if endpoint.startswith("console.")}
    assert console == NO_PAGES | PAGES.keys()


@pytest.mark.parametrize(
    ("language", "theme", "full"),
    [*((*one, True) for one in THEMES), *((*one, False) for one in THEMES[:2])],
)
def test_no_page_hinders_anybody(
    moderator: NewModerator,
    parts: Parts,
    jpeg: Callable[..., bytes],
    language: str,
    theme: str,
    full: bool,
) -> None:
    if full:
        difficult(parts, jpeg)
    ada = moderator(language=language, theme=theme, role="admin")
    problems = {}
    for path in (path for paths in PAGES.values() for path in paths):
        ada.open(path)
        if path.startswith(("/posts/", "/cases/")):
            ada.page.wait_for_load_state("networkidle")  # what stands beside a post comes later
        if found := _serious(ada.page):
            problems[path] = found
        if wider := list(_wider(ada.page)):
            problems[f"{path} is wider"] = wider
        ada.page.set_viewport_size({"width": 1280, "height": 800})
        if "404 (NOT FOUND)" in str(ada.complaints):
            ada.complaints.clear()  # a page that says that nothing is there is asked for, too
    assert not problems, "\n".join(f"{path}: {what}" for path, what in problems.items())


@pytest.mark.parametrize(("language", "theme"), THEMES[:2])
def test_no_window_hinders_anybody(moderator: NewModerator, language: str, theme: str) -> None:
    mina = moderator(language=language, theme=theme)
    for key in ("?", "Control+k"):
        mina.page.keyboard.press(key)
        assert _serious(mina.page) == []
        mina.page.keyboard.press("Escape")


@pytest.mark.parametrize(("language", "theme"), THEMES[:2])
def test_signing_in_hinders_nobody(moderator: NewModerator, language: str, theme: str) -> None:
    mina = moderator(language=language, theme=theme)
    mina.page.wait_for_load_state("networkidle")  # what is still answered would sign in again
    mina.page.context.clear_cookies()
    mina.open("/sign-in")
    assert _serious(mina.page) == []
    mina.page.locator("#name").fill("nobody")
    mina.page.locator("#password").fill("wrong")
    mina.page.locator("#password").press("Enter")
    mina.page.get_by_role("alert").wait_for()
    assert _serious(mina.page) == []
    assert list(_wider(mina.page)) == []
    mina.complaints.clear()  # of the 401


def test_who_may_not_is_told_so_in_words(moderator: NewModerator) -> None:
    mina = moderator()
    mina.open("/people")
    assert "You may not do this" in mina.page.locator("h1").inner_text()
    assert _serious(mina.page) == []
    mina.complaints.clear()  # of the 403
