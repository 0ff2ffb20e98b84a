"""A moderator at a real Chromium: from a key to the next photograph on the screen."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from playwright.sync_api import Page, sync_playwright

from benchmarks.moderators.console import Account

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
# From the key to the frame after the one in which another photograph is complete.
WATCH = """
window.waits = [];
addEventListener("keydown", (event) => {
  if (event.code !== "KeyA") return;
  const began = performance.now(), before = document.querySelector(".frame > img")?.src;
  const look = () => {
    const image = document.querySelector(".frame > img");
    if (document.querySelector(".empty")) return;
    if (image && image.src !== before && image.complete) {
      requestAnimationFrame(() => waits.push(performance.now() - began));
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}, true);
"""


def browse(address: str, account: Account, posts: int, think_ms: int) -> Sequence[float]:
    """Answer posts by key in Chromium.

    Args:
        address: where the console is.
        account: who signs in.
        posts: how many to answer, fewer than wait.
        think_ms: how long each post is looked at.

    Returns:
        milliseconds from each key to the next photograph.
    """
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en")
        page.add_init_script(WATCH)
        _sign_in(page, address, account)
        page.goto(f"{address}/queue/next")
        for number in range(1, posts + 1):
            page.wait_for_timeout(think_ms)
            page.keyboard.press("a")
            while page.evaluate("waits.length") < number:
                page.wait_for_timeout(10)
        waits = page.evaluate("waits")
        browser.close()
    return list(waits)


def _sign_in(page: Page, address: str, account: Account) -> None:
    page.goto(f"{address}/sign-in")
    page.locator("#name").fill(account.name)
    page.locator("#password").fill(account.password)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/posts**")
