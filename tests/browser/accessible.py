"""What hinders somebody on a page: found by axe, or by having to scroll sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

VIOLATIONS = {"resultTypes": ["violations"]}
SIZES = [(360, 740), (1280, 800), (2560, 1440)]


def broken_rules(page: Page, options: dict[str, Any] = VIOLATIONS) -> list[Any]:
    """Each rule of axe that the page breaks, also a minor one, with the first places."""
    there = page.evaluate("'axe' in window")
    found = Axe("" if there else AXE_SCRIPT).run(page, options=options).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found]


def wider(page: Page) -> Iterator[int]:
    """The widths at which one has to scroll sideways."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield width
