"""A real Chromium in front of a real server on loopback."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from flask import Flask
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from werkzeug.serving import ThreadedWSGIServer

from service.accounts import create
from service.parts import Parts
from tests.service.console.visitor import Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    # Else each page that is opened starts a process for the next, which a window without history
    # or other sites never takes.
    "--renderer-process-limit=1",
]
# The shell is the same browser without the windows, tabs and bars around a page. Nobody sees those,
# but the whole browser draws them: a window costs three times the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
PATIENCE_MS = 60_000  # for a machine with much else to do, on which a model is loaded first
NARROW: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(autouse=True)
def _clean(clean: None) -> None:
    return clean


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once (about a second)."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("The browser tests need Chromium (apt: chromium-headless-shell).")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Server(ThreadedWSGIServer):
    """Serves the console on loopback, a thread for each connection."""

    def __init__(self, app: Flask) -> None:
        super().__init__("127.0.0.1", 0, app)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self._connections = 0
        self._changed = threading.Condition()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    def wait_until_quiet(self) -> None:
        """Until every request is answered: a window that is closed does not wait for its last."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._connections, PATIENCE_MS / 1000)

    def _count(self, more: int) -> None:
        with self._changed:
            self._connections += more
            self._changed.notify_all()


@contextmanager
def serving(app: Flask) -> Iterator[Server]:
    """Serves an app as long as it is needed."""
    made = Server(app)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture(scope="session")
def server(app: Flask) -> Iterator[Server]:
    """Serves the console for these tests."""
    with serving(app) as made:
        yield made


@dataclass
class Moderator:
    """Somebody at a browser; ``complaints`` are what its console printed and what it refused."""

    tab: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    name: str = ""
    password: str = ""

    @property
    def page(self) -> Page:
        """What they look at: the list of posts, if they opened nothing else.

        Its scripts listen: of keys that are pressed before, nobody hears.
        """
        if self.tab.url == "about:blank":
            self.open("/posts")
        self.tab.wait_for_load_state("domcontentloaded")
        return self.tab

    def open(self, path: str) -> int:
        """Go to a page; the status of the answer."""
        answer = self.tab.goto(self.address + path)
        return answer.status if answer else 0

    def sign_in_elsewhere(self) -> None:
        """Sign in anew, in another window of the same browser."""
        window = self.page.context.new_page()
        window.goto(f"{self.address}/sign-in")
        window.locator("#name").fill(self.name)
        window.locator("#password").fill(self.password)
        window.locator("#password").press("Enter")
        window.wait_for_url("**/posts")

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} {message.location['url']}")


NewModerator = Callable[..., Moderator]


@contextmanager
def moderators(
    browser: Browser, server: Server, app: Flask, parts: Parts
) -> Iterator[NewModerator]:
    """Makes moderators, each with a browser window and an account of their own, or that of another.

    They sign in without the page; ``test_signin.py`` goes through it.
    """
    made: list[Moderator] = []

    def make(
        language: str = "en",
        size: ViewportSize = WIDE,
        scripts: bool = True,
        role: str = "moderator",
        theme: Literal["light", "dark"] = "light",
        account: Moderator | None = None,
    ) -> Moderator:
        name, password = f"mina{len(made)}", ""
        if account:
            name, password = account.name, account.password
        else:
            with parts.sessions.begin() as session:
                _, password = create(session, name, role)
        context = browser.new_context(
            locale=language,
            viewport=size,
            java_script_enabled=scripts,
            color_scheme=theme,
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([_signed_in(app, server.address, name, password)])
        somebody = Moderator(context.new_page(), server.address, name=name, password=password)
        somebody.tab.on("console", somebody.heard)
        somebody.tab.on("pageerror", lambda error: somebody.complaints.append(str(error)))
        made.append(somebody)
        return somebody

    yield make
    for somebody in made:
        somebody.tab.context.close()
    server.wait_until_quiet()  # or what a click began would be written into the next test's tables
    assert [somebody.complaints for somebody in made] == [[] for _ in made]


def _signed_in(app: Flask, address: str, name: str, password: str) -> SetCookieParam:
    """The cookie of a session that begins now."""
    client = app.test_client()
    assert Visitor(client).sign_in(name, password).status_code == 303
    cookie = client.get_cookie("tagsift")
    assert cookie
    return {"name": cookie.key, "value": cookie.value, "url": address, "httpOnly": True}


@pytest.fixture
def moderator(browser: Browser, server: Server, app: Flask, parts: Parts) -> Iterator[NewModerator]:
    """``moderator(language="en", size=WIDE, scripts=True, role="moderator")``: signed in.

    When the test ends, the browser must not have complained of anything: an error of a script, a
    violation of the Content-Security-Policy, a file that could not be loaded.
    """
    with moderators(browser, server, app, parts) as make:
        yield make
