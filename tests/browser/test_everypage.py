"""Every page of the console: accessible, quiet, and never wider than the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser

from service.parts import Parts
from tests.browser.accessible import broken_rules, wider
from tests.browser.conftest import WIDE, Moderator, Server, moderators
from tests.browser.everypage import NO_PAGES, PAGES, difficult
from tests.emptying import Emptier

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


# Nothing that is stored changes these, so they are looked at once.
ALIKE = {"/docs", "/lexicon", "/password", "/sign-in", "/similar", "/try"}
EVERY = [path for paths in PAGES.values() for path in paths]
LOOKED_AT = [("full", path) for path in EVERY]
LOOKED_AT += [("empty", path) for path in EVERY if path not in ALIKE]


@dataclass(frozen=True)
class Console:
    """One admin at two browsers, and for which of them axe looks at the pages, too."""

    full: bool
    readers: Sequence[Moderator]
    looked_at: Sequence[Moderator]


@pytest.fixture(autouse=True)
def _clean() -> None:
    """Pages are only read here, so what ``console`` wrote stays for the tests of all pages."""


@pytest.fixture(scope="module")
def console(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: Server,
    app: Flask,
    parts: Parts,
    emptier: Emptier,
    jpeg: Callable[..., bytes],
) -> Iterator[Console]:
    """A console full of what is difficult, and an empty one.

    English is read in light colours and Korean in dark ones: words do not change the colours, nor
    colours the words. Of an empty console axe looks at the Korean pages only.
    """
    emptier.empty()
    if request.param == "full":
        difficult(parts, jpeg)
    with moderators(browser, server, app, parts) as make:
        english = make(role="admin")
        korean = make(language="ko", account=english, theme="dark")
        both, full = (english, korean), request.param == "full"
        yield Console(full, both, both if full else (korean,))


def test_every_page_is_tested_here(app: Flask) -> None:
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    console = {endpoint for endpoint in rules if endpoint.startswith("console.")}
    assert console == NO_PAGES | PAGES.keys()


@pytest.mark.parametrize(("console", "path"), LOOKED_AT, indirect=["console"])
def test_no_page_hinders_anybody(console: Console, path: str) -> None:
    for admin in console.readers:
        admin.complaints.clear()
        status = admin.open(path)
        if admin.page.locator("load-beside").count():
            admin.page.wait_for_load_state("networkidle")  # what stands beside a post comes later
        assert list(wider(admin.page)) == []
        admin.page.set_viewport_size(WIDE)
        # Of an empty console most pages are the one that says that nothing is there.
        if admin in console.looked_at and (console.full or status != 404):
            assert broken_rules(admin.page) == []
        if "404 (NOT FOUND)" in str(admin.complaints):
            admin.complaints.clear()  # a page that says that nothing is there is asked for, too
        assert admin.complaints == []
