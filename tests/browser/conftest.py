"""A real Chromium in front of a real server on loopback."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from service.accounts import create
from service.parts import Parts

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
PATIENCE_MS = 20_000  # for a machine with much else to do, on which a model is loaded first
NARROW: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(autouse=True)
def _clean(clean: None) -> None:
    return clean


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once (about a second)."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("The browser tests need Chromium, which is not installed (apt: chromium).")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Where the console is served for these tests."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Moderator:
    """Somebody at a browser; ``complaints`` are what its console printed and what it refused."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    name: str = ""
    password: str = ""

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} {message.location['url']}")


@pytest.fixture
def moderator(browser: Browser, address: str, parts: Parts) -> Iterator[Callable[..., Moderator]]:
    """``moderator(language="en", size=WIDE, scripts=True, role="moderator")``: signed in.

    When the test ends, the browser must not have complained of anything: an error of a script, a
    violation of the Content-Security-Policy, a file that could not be loaded.
    """
    made: list[Moderator] = []

    def make(
        language: str = "en",
        size: ViewportSize = WIDE,
        scripts: bool = True,
        role: str = "moderator",
        theme: Literal["light", "dark"] = "light",
    ) -> Moderator:
        name = f"mina{len(made)}"
        with parts.sessions.begin() as session:
            _, password = create(session, name, role)
        context = browser.new_context(
            locale=language,
            viewport=size,
            java_script_enabled=scripts,
            color_scheme=theme,
        )
        context.set_default_timeout(PATIENCE_MS)
        somebody = Moderator(context.new_page(), address, name=name, password=password)
        somebody.page.on("console", somebody.heard)
        somebody.page.on("pageerror", lambda error: somebody.complaints.append(str(error)))
        made.append(somebody)
        somebody.open("/sign-in")
        somebody.page.locator("#name").fill(name)
        somebody.page.locator("#password").fill(password)
        somebody.page.locator("#password").press("Enter")
        somebody.page.wait_for_url("**/posts")
        return somebody

    yield make
    for somebody in made:
        somebody.page.context.close()
    assert [somebody.complaints for somebody in made] == [[] for _ in made]
