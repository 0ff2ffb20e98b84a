from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.console.posts.places import SHOWN_PIXELS
from service.parts import Parts
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


def test_photographs_of_a_phone_are_drawn_small_and_sent_smaller(
    moderator: NewModerator, parts: Parts, tmp_path: Path, jpeg: Callable[..., bytes]
) -> None:
    large = jpeg(seed=1, size=(4200, 3150), quality=100)
    paths = [tmp_path / f"{number}.jpg" for number in range(3)]
    for path in paths:
        path.write_bytes(large)
    assert len(large) * len(paths) > parts.config.request_bytes  # refused if sent as they are
    mina = moderator()
    mina.open("/try")
    mina.page.locator("#photographs").set_input_files(paths)
    expect(mina.page.locator(".chosen canvas")).to_have_count(3)
    mina.page.locator("#hashtags").fill("cafe")
    mina.page.get_by_role("button", name="See the verdicts").click()
    expect(mina.page.locator(".photograph .frame > img")).to_have_count(3, timeout=60_000)


def test_more_than_can_be_sent_is_said_before_it_is_sent(
    moderator: NewModerator, tmp_path: Path
) -> None:
    paths = [tmp_path / "one.heic", tmp_path / "other.heic"]
    for path in paths:
        with path.open("wb") as file:
            file.truncate(17 * 2**20)
    mina = moderator()
    asked: list[str] = []
    mina.page.on("request", lambda request: asked.append(request.method))
    mina.open("/try")
    mina.page.locator("#photographs").set_input_files(paths)
    expect(mina.page.locator(".chosen")).to_contain_text("one.heic")  # no browser draws it
    mina.page.locator("#hashtags").fill("cafe")
    mina.page.get_by_role("button", name="See the verdicts").click()
    said = "These photographs have 34 MB together, and 31 MB can be sent at once."
    expect(mina.page.get_by_role("alert")).to_contain_text(said)
    assert "POST" not in asked


@pytest.mark.parametrize("scripts", [True, False])
def test_posts_are_searched_by_a_photograph_of_ones_own(
    moderator: NewModerator, repository: Path, tmp_path: Path, scripts: bool
) -> None:
    mina = moderator(scripts=scripts)
    mina.open("/similar")
    for path, says in (
        (repository / "demo/photos/coffee.jpg", "No other post looks like this."),
        (tmp_path / "notes.jpg", "This photograph could not be read: it is not an image."),
    ):
        (tmp_path / "notes.jpg").write_text("no photograph")
        mina.page.locator("#photographs").set_input_files(path)
        mina.page.get_by_role("button", name="Search", exact=True).click()
        expect(mina.page.locator("#result")).to_contain_text(says)
    mina.complaints = [one for one in mina.complaints if "422" not in one]


def test_a_photograph_that_is_too_large_to_search_by_is_not_sent(
    moderator: NewModerator, tmp_path: Path
) -> None:
    path = tmp_path / "one.heic"
    with path.open("wb") as file:
        file.truncate(21 * 2**20)
    mina = moderator()
    asked: list[str] = []
    mina.page.on("request", lambda request: asked.append(request.method))
    mina.open("/similar")
    mina.page.locator("#photographs").set_input_files(path)
    mina.page.get_by_role("button", name="Search", exact=True).click()
    said = "This photograph has 21 MB, and 20 MB can be sent."
    expect(mina.page.get_by_role("alert")).to_have_text(said)
    assert "POST" not in asked
