from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.console.posts.places import SHOWN_PIXELS
from tests.browser.conftest import NARROW, Moderator

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


@pytest.mark.parametrize(
    ("language", "scripts", "says"),
    [("en", True, "relevant"), ("ko", True, "관련 있음"), ("en", False, "relevant")],
)
def test_a_real_photograph_gets_its_verdicts(
    moderator: NewModerator, repository: Path, language: str, scripts: bool, says: str
) -> None:
    mina = moderator(language=language, scripts=scripts)
    mina.open("/try")
    mina.page.locator("#photographs").set_input_files(repository / "demo/photos/coffee.jpg")
    mina.page.locator("#hashtags").fill("#카페")
    mina.page.locator("#hashtags").press("Enter")
    expect(mina.page.locator(".card .verdict")).to_have_text(says)
    expect(mina.page.locator(".photograph .frame > img")).to_be_visible()
    assert mina.page.evaluate("document.querySelector('.frame img').naturalWidth") > 0


def test_where_it_was_seen_is_drawn_over_a_photograph_that_is_not_kept(
    moderator: NewModerator, repository: Path
) -> None:
    mina = moderator()
    mina.open("/try")
    mina.page.locator("#photographs").set_input_files(repository / "demo/photos/coffee.jpg")
    mina.page.locator("#hashtags").fill("#카페")
    mina.page.get_by_role("button", name="See the verdicts").click()
    mina.page.get_by_role("button", name="drink", exact=True).click()
    expect(mina.page.locator("img.places")).to_have_js_property("naturalWidth", SHOWN_PIXELS)


def test_a_file_that_is_no_photograph_is_explained_on_a_phone(
    moderator: NewModerator, tmp_path: Path
) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("no photograph")
    mina = moderator(size=NARROW)
    mina.open("/try")
    mina.page.locator("#photographs").set_input_files(path)
    mina.page.locator("#hashtags").fill("cafe")
    mina.page.get_by_role("button", name="See the verdicts").click()
    expect(mina.page.locator(".unreadable")).to_contain_text("it is not an image")
