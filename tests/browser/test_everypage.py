"""Every page of the console: accessible, quiet, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser

from service.parts import Parts
from tests.browser.accessible import OF_COLOUR, VIOLATIONS, serious, wider
from tests.browser.conftest import WIDE, Moderator, moderators
from tests.browser.everypage import NO_PAGES, PAGES, difficult
from tests.emptying import Emptier

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
Theme = Literal["light", "dark"]


class Reader(NamedTuple):
    """An admin who reads in one language, and the themes in which pages are looked at."""

    admin: Moderator
    themes: tuple[Theme, ...]


@pytest.fixture(autouse=True)
def _clean() -> None:
    """Pages are only read here, so what ``readers`` wrote stays for the tests of all pages."""


@pytest.fixture(scope="module", params=["full", "empty"])
def readers(
    request: pytest.FixtureRequest,
    browser: Browser,
    address: str,
    app: Flask,
    parts: Parts,
    emptier: Emptier,
    jpeg: Callable[..., bytes],
) -> Iterator[list[Reader]]:
    """One account at two browsers: a console full of what is difficult, and an empty one."""
    emptier.empty()
    if request.param == "full":
        difficult(parts, jpeg)
    with moderators(browser, address, app, parts) as make:
        english = make(role="admin")
        korean = make(language="ko", account=english)
        if request.param == "full":
            yield [Reader(one, ("light", "dark")) for one in (english, korean)]
        else:
            yield [Reader(english, ("light",)), Reader(korean, ("dark",))]


def test_every_page_is_tested_here(app: Flask) -> None:
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    console = {endpoint for endpoint in rules if endpoint.startswith("console.")}
    assert console == NO_PAGES | PAGES.keys()


@pytest.mark.parametrize("path", [path for paths in PAGES.values() for path in paths])
def test_no_page_hinders_anybody(readers: list[Reader], path: str) -> None:
    for admin, themes in readers:
        admin.complaints.clear()
        admin.open(path)
        if path.startswith(("/posts/", "/cases/")):
            admin.page.wait_for_load_state("networkidle")  # what stands beside a post comes later
        assert list(wider(admin.page)) == []
        admin.page.set_viewport_size(WIDE)
        for theme in themes:
            admin.page.emulate_media(color_scheme=theme)
            # Themes differ in colours alone, so whatever else there is is looked at in the first.
            rules = VIOLATIONS if theme == themes[0] else OF_COLOUR
            assert serious(admin.page, rules) == [], theme
        if "404 (NOT FOUND)" in str(admin.complaints):
            admin.complaints.clear()  # a page that says that nothing is there is asked for, too
        assert admin.complaints == []
