"""What hinders somebody on a page: found by axe, or by having to scroll sideways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import NARROW, WIDE

FIND = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
SIZES: list[ViewportSize] = [NARROW, WIDE, {"width": 2560, "height": 1440}]

# Looks of texts that axe found legible in this process: it need not work them out again.
LEGIBLE: set[int] = set()


def broken_rules(page: Page) -> list[Any]:
    """Each rule of axe that the page breaks, also a minor one, with the first places."""
    return _find(page, everything=True)


def hindrances(page: Page) -> list[Any]:
    """The widths at which one has to scroll sideways, and the rules that the page breaks in light
    or in dark colours.
    """
    found: list[Any] = []
    for size in _every_size(page):
        if _is_wider(page):
            found.append(size["width"])
        if size == WIDE:
            found += broken_rules(page)
            found += _broken_in_other_colours(page)
    return found


def wider(page: Page) -> list[int]:
    """The widths at which one has to scroll sideways."""
    return [size["width"] for size in _every_size(page) if _is_wider(page)]


def _find(page: Page, everything: bool) -> list[Any]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE_SCRIPT}; null")
    known = json.dumps(list(LEGIBLE))  # one text: Playwright would look at each number
    found = page.evaluate(FIND, {"known": known, "everything": everything})
    LEGIBLE.update(found["good"])
    return list(found["broken"])


def _broken_in_other_colours(page: Page) -> list[Any]:
    """The rules about colours that the page breaks in dark colours if it is light, or the other way
    round. It has its own colours again afterwards.
    """
    if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"):
        page.emulate_media(color_scheme="light")
        found = _find(page, everything=False)
        page.emulate_media(color_scheme="dark")
    else:
        page.emulate_media(color_scheme="dark")
        found = _find(page, everything=False)
        page.emulate_media(color_scheme="light")
    return found


def _every_size(page: Page) -> Iterator[ViewportSize]:
    """Give the window each size, that which it has first or last: a change is drawn anew."""
    for size in SIZES if page.viewport_size == SIZES[0] else reversed(SIZES):
        if page.viewport_size != size:
            page.set_viewport_size(size)
        yield size


def _is_wider(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
