"""Two who read every page of the console, and what hinders them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Browser

from service.parts import Parts
from tests.browser.accessible import hindrances, wider
from tests.browser.conftest import Moderator, Server, moderators


@dataclass(frozen=True)
class Readers:
    """One admin at two browsers: English in light colours, Korean in dark ones.

    Each page is loaded in these; its colours are looked at in the other theme as well.
    """

    english: Moderator
    korean: Moderator


@contextmanager
def readers(browser: Browser, server: Server, app: Flask, parts: Parts) -> Iterator[Readers]:
    """Both, at windows that stay open."""
    with moderators(browser, server, app, parts) as make:
        english = make(role="admin")
        yield Readers(english, make(language="ko", account=english, theme="dark"))


def hindered(admin: Moderator, path: str, rules: bool = True, missing: bool = True) -> list[Any]:
    """Open a page: what hinders somebody on it, and of what the browser complains.

    With ``rules`` axe looks at it, too: with ``missing`` even if it says that nothing is there.
    """
    admin.complaints.clear()
    status = admin.open(path)
    if admin.page.locator("load-beside").count():
        admin.page.wait_for_load_state("networkidle")  # what stands beside a post comes later
    looked_at = rules and (missing or status != 404)
    found = (hindrances if looked_at else wider)(admin.page)
    if "404 (NOT FOUND)" in str(admin.complaints):
        admin.complaints.clear()  # a page that says that nothing is there is asked for, too
    return [*found, *admin.complaints]
