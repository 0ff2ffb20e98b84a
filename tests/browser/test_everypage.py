"""Every page of a full console: accessible, quiet, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser

from service.parts import Parts
from tests.browser.conftest import Server
from tests.browser.everypage import EVERY, NO_PAGES, PAGES, difficult
from tests.browser.readers import Readers, hindered, readers
from tests.emptying import Emptier

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def _clean() -> None:
    """Pages are only read here, so what ``console`` wrote stays for the tests of all pages."""


@pytest.fixture(scope="module")
def console(
    browser: Browser,
    server: Server,
    app: Flask,
    parts: Parts,
    emptier: Emptier,
    jpeg: Callable[..., bytes],
) -> Iterator[Readers]:
    """A console full of what is difficult; the browser puts axe into each page itself, so that half
    a megabyte is not sent to every one of them."""
    emptier.empty()
    difficult(parts, jpeg)
    with readers(browser, server, app, parts) as made:
        for reader in (made.english, made.korean):
            reader.tab.context.add_init_script(AXE_SCRIPT)
        yield made


def test_every_page_is_tested_here(app: Flask) -> None:
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    console = {endpoint for endpoint in rules if endpoint.startswith("console.")}
    assert console == NO_PAGES | PAGES.keys()


@pytest.mark.parametrize("path", EVERY)
def test_no_page_hinders_anybody(console: Readers, path: str) -> None:
    assert hindered(console.english, path) == []
    assert hindered(console.korean, path) == []
