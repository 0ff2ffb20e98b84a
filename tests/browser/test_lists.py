"""Lists of posts, near-duplicates and one answer for many, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from service.console.posts import lists
from service.parts import Parts
from service.tables import Case, Post
from tests.browser.conftest import NARROW, Moderator
from tests.service.console.rows import add_post
from tests.service.similar.rows import add_seen

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


def _decisions(parts: Parts) -> dict[str, tuple[str | None, str | None]]:
    with parts.sessions() as session:
        posts = session.scalars(select(Post)).all()
        return {post.external_id: (post.decision, post.decided_by) for post in posts}


@pytest.fixture
def alike(parts: Parts, jpeg: Callable[..., bytes]) -> dict[str, int]:
    """Three posts that show the same, of which the first is most at stake."""
    rows = {
        name: add_seen(parts, name, {"카페": "uncertain", "ootd": "relevant"}, (n,), jpeg(seed=n))
        for n, name in enumerate(("p-1", "p-2", "p-3"))
    }
    with parts.sessions.begin() as session:
        session.scalars(select(Case).where(Case.post_id == rows["p-1"])).one().priority = 9
    return rows


def test_the_list_is_walked_and_a_post_opened_by_key(
    moderator: NewModerator, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    for name in ("p-1", "p-2", "p-3"):
        add_post(parts, name, {"카페": "irrelevant"}, (jpeg(),))
    mina = moderator()
    mina.open("/posts?author=u-1")
    for key, name in (("j", "p-1"), ("j", "p-2"), ("j", "p-3"), ("j", "p-3"), ("k", "p-2")):
        mina.page.keyboard.press(key)
        expect(mina.page.locator(".cover:focus")).to_contain_text(name)
    mina.page.keyboard.press("Enter")
    expect(mina.page.locator("h1")).to_have_text("p-2")
    assert mina.page.url.endswith("?author=u-1")


@pytest.mark.parametrize("key", ["s", "Enter"])
def test_one_key_begins_with_what_the_filter_shows(
    moderator: NewModerator, parts: Parts, key: str
) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"}, reach=900)
    add_post(parts, "p-2", {"카페": "irrelevant"}, author_id="u-9")
    mina = moderator()
    mina.open("/posts?author=u-9")
    mina.page.keyboard.press(key)
    expect(mina.page.locator("h1")).to_have_text("p-2")


def test_what_stands_beside_a_post_comes_after_it(
    moderator: NewModerator, alike: dict[str, int]
) -> None:
    mina = moderator()
    mina.open("/queue/next")
    beside = mina.page.locator("load-beside")
    expect(beside.get_by_role("region", name="Near-duplicates")).to_contain_text("100% alike")
    expect(beside.get_by_role("region", name="The author before")).to_contain_text("Other posts: 2")


def test_without_scripts_it_is_a_page_of_its_own(
    moderator: NewModerator, alike: dict[str, int]
) -> None:
    mina = moderator(scripts=False)
    mina.open(f"/posts/{alike['p-1']}")
    mina.page.get_by_role("link", name="Near-duplicates, and the author before").click()
    expect(mina.page.get_by_role("heading", level=1)).to_have_text("Beside post p-1")
    expect(mina.page.get_by_role("link", name="Open post p-2").first).to_be_visible()


def test_one_answer_for_all_and_one_undo(
    moderator: NewModerator, parts: Parts, alike: dict[str, int]
) -> None:
    before = _decisions(parts)
    mina = moderator()
    mina.open("/queue/next")
    together = mina.page.get_by_role("link", name="Answer them together")
    expect(together).to_be_visible()
    mina.page.keyboard.press("i")  # what is answered already goes along
    mina.page.keyboard.press("t")
    expect(mina.page.locator(".takers").first).to_contain_text("uncertain → irrelevant")
    mina.page.locator("#choose").get_by_label("relevant", exact=True).first.check()
    expect(mina.page.locator(".takers").first).to_contain_text("uncertain → relevant")
    mina.page.locator(".taker", has_text="p-3").click()
    mina.page.keyboard.press("s")
    expect(mina.page.locator("h1")).to_have_text("p-3")
    assert _decisions(parts) == before | {
        "p-1": ("pass", "moderator"),
        "p-2": ("pass", "moderator"),
    }
    expect(mina.page.locator(".undo")).to_contain_text("2 posts settled.")
    mina.page.keyboard.press("z")
    expect(mina.page.locator(".notice.good").last).to_contain_text("2 answers were taken back.")
    assert _decisions(parts) == before


def test_posts_are_selected_by_key_and_by_click_and_the_way_back_keeps_the_place(
    moderator: NewModerator, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE_POSTS", 4)
    for number in range(9):
        add_post(parts, f"p-{number}", {"카페": "irrelevant"})
    mina = moderator()
    mina.page.get_by_role("link", name="More posts").click()
    picked = mina.page.locator(".picked output")
    expect(picked).to_have_text("None selected")
    for key in ("j", "x", "j", "j", "Shift+X"):
        mina.page.keyboard.press(key)
    expect(picked).to_have_text("3 selected")
    mina.page.get_by_role("button", name="Select none").click()
    boxes = mina.page.get_by_role("checkbox")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(picked).to_have_text("3 selected")
    # To a post and back: the same page of the list, with the focus where it was.
    there = mina.page.url
    mina.page.get_by_role("link", name="Open post p-6").click()
    mina.page.locator("a.back").click()
    expect(mina.page.locator(".cover:focus")).to_contain_text("p-6")
    assert mina.page.url.split("#")[0] == there
    boxes.nth(0).check()
    boxes.nth(1).check()
    mina.page.get_by_role("button", name="Answer or hand over together").click()
    expect(mina.page.locator("h1")).to_have_text("2 selected posts")
    mina.page.keyboard.press("m")
    mina.page.keyboard.press("Escape")
    mina.page.get_by_label("Note", exact=True).fill("both the same")
    mina.page.locator("#choose").get_by_label("relevant", exact=True).first.check()
    expect(mina.page.locator(".takers").first).to_contain_text("irrelevant → relevant")
    expect(mina.page.get_by_label("Note", exact=True)).to_have_value("both the same")
    mina.page.keyboard.press("Escape")
    mina.page.locator("#how-many").click()
    expect(mina.page.locator(".undo")).to_contain_text("2 posts settled.")
    mina.page.keyboard.press("z")
    expect(mina.page.locator(".notice.good").last).to_contain_text("2 answers were taken back.")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_list_is_wider_than_a_phone(
    moderator: NewModerator, alike: dict[str, int], language: str
) -> None:
    mina = moderator(language=language, size=NARROW)
    row = alike["p-1"]
    for path in (
        "/posts?filters=1",
        "/posts?author=u-1&older=0&hashtag=카페&category=cafe",
        f"/posts/{row}/beside",
        f"/posts/{row}/together?verdict-0=relevant",
        f"/posts/{row}",
        "/lexicon",
    ):
        mina.open(path)
        expect(mina.page.locator("load-beside > a")).to_have_count(0)
        wide = mina.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
