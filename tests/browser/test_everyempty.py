"""Every page of an empty console: accessible, quiet, and never wider than the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from service.parts import Parts
from tests.browser.conftest import Server
from tests.browser.everypage import EVERY
from tests.browser.readers import Readers, hindered, readers
from tests.emptying import Emptier

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# Nothing that is stored changes these, and a full console has them, too.
ALIKE = {"/docs", "/lexicon", "/password", "/sign-in", "/similar", "/try"}


@pytest.fixture(autouse=True)
def _clean() -> None:
    """Pages are only read here."""


@pytest.fixture(scope="module")
def console(
    browser: Browser, server: Server, app: Flask, parts: Parts, emptier: Emptier
) -> Iterator[Readers]:
    """A console with nothing in it."""
    emptier.empty()
    with readers(browser, server, app, parts) as made:
        yield made


@pytest.mark.parametrize("path", [path for path in EVERY if path not in ALIKE])
def test_no_empty_page_hinders_anybody(console: Readers, path: str) -> None:
    """Most are the one that says that nothing is there: axe looks at the others, in Korean."""
    assert hindered(console.english, path, rules=False) == []
    assert hindered(console.korean, path, missing=False) == []
