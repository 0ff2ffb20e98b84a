from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.console.posts.places import SHOWN_PIXELS
from service.parts import Parts
from service.tables import Post
from tests.browser.conftest import NARROW, Moderator
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


@pytest.fixture
def cat(repository: Path) -> bytes:
    return (repository / "demo" / "photos" / "cat.jpg").read_bytes()


def _decision(parts: Parts, row: int) -> tuple[str | None, str | None]:
    with parts.sessions() as session:
        post = session.get_one(Post, row)
        return post.decision, post.decided_by


def test_a_queue_is_cleared_by_keyboard_alone(
    moderator: NewModerator, parts: Parts, cat: bytes
) -> None:
    flagged = add_post(parts, "p-1", {"카페": "irrelevant", "고양이": "relevant"}, (cat,))
    doubtful = add_post(parts, "p-2", {"카페": "uncertain", "고양이": "relevant"}, (cat,))
    wrong = add_post(parts, "p-3", {"고양이": "irrelevant"}, (cat,))
    mina = moderator()
    mina.open(f"/posts/{flagged}")
    heading = mina.page.locator("h1")
    expect(heading).to_have_text("p-1")
    mina.page.keyboard.press("a")  # agree with all
    expect(heading).to_have_text("p-2")
    mina.page.keyboard.press("u")  # the uncertain hashtag claims nothing
    mina.page.keyboard.press("Enter")
    expect(heading).to_have_text("p-3")
    mina.page.keyboard.press("r")  # the model was wrong
    mina.page.keyboard.press("s")
    expect(mina.page.locator(".empty")).to_contain_text("Nothing is waiting for you.")
    assert _decision(parts, flagged) == ("flag", "moderator")
    assert _decision(parts, doubtful) == ("pass", "moderator")
    assert _decision(parts, wrong) == ("pass", "moderator")


def test_keys_work_while_a_korean_input_method_is_on(moderator: NewModerator, parts: Parts) -> None:
    row = add_post(parts, "p-1", {"카페": "uncertain"})
    mina = moderator(language="ko")
    mina.open(f"/posts/{row}")
    mina.page.evaluate(
        "document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'ㄱ', code: 'KeyR', bubbles: true}))"
    )
    expect(mina.page.locator("#answer-0-relevant")).to_be_checked()


def test_no_key_acts_while_a_text_field_has_the_focus(
    moderator: NewModerator, parts: Parts
) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"})
    mina = moderator()
    mina.open("/posts?filters=1")
    mina.page.locator("#hashtag").press_sequentially("#asn")
    expect(mina.page.locator("#hashtag")).to_have_value("#asn")


def test_where_a_label_was_seen_is_one_key_away(
    moderator: NewModerator, parts: Parts, cat: bytes
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (cat,))
    mina = moderator()
    mina.open(f"/posts/{row}")
    mina.page.keyboard.press("w")
    drawing = mina.page.locator("img.places")
    expect(drawing).to_be_visible()
    expect(drawing).to_have_js_property("naturalWidth", SHOWN_PIXELS)
    mina.page.keyboard.press("w")
    expect(drawing).to_have_count(0)


def test_it_is_drawn_over_the_photograph_that_is_looked_at(
    moderator: NewModerator, parts: Parts, cat: bytes
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (cat, cat))
    mina = moderator()
    mina.open(f"/posts/{row}")
    mina.page.keyboard.press("2")
    mina.page.keyboard.press("w")
    expect(mina.page.locator("#photograph-2 img.places")).to_be_visible()
    expect(mina.page.locator("#photograph-1 img.places")).to_have_count(0)


def test_the_post_page_works_without_scripts(
    moderator: NewModerator, parts: Parts, cat: bytes
) -> None:
    row = add_post(parts, "p-1", {"카페": "uncertain"}, (cat,))
    mina = moderator(scripts=False)
    mina.open(f"/posts/{row}")
    mina.page.locator("label[for=answer-0-irrelevant]").click()
    mina.page.get_by_role("button", name="Save and next").click()
    expect(mina.page.locator("form.undo")).to_contain_text("p-1 is flagged")
    assert _decision(parts, row) == ("flag", "moderator")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_page_is_wider_than_a_phone(
    moderator: NewModerator, parts: Parts, cat: bytes, language: str
) -> None:
    long = "a-very-long-hashtag-without-any-end" * 3
    add_post(parts, "p-1", {long: "irrelevant", "카페": "relevant"}, (cat, None))
    mina = moderator(language=language, size=NARROW)
    for path in ("/posts", "/posts?tab=passed", "/posts/1", "/try"):
        mina.open(path)
        assert _overflow(mina.page) <= 0, path


def _overflow(page: Page) -> int:
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))


MANY = {f"해시태그{n}": ("irrelevant", "uncertain", "relevant")[n % 3] for n in range(30)}
FOUR = {"카페": "irrelevant", "ootd": "uncertain", "맛집": "irrelevant", "고양이": "relevant"}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everything_for_a_decision_is_on_one_screen(
    moderator: NewModerator, parts: Parts, cat: bytes, language: str
) -> None:
    mina = moderator(language=language)
    for tags, photographs in ((FOUR, 1), (FOUR, 4), (MANY, 10)):
        name, caption = f"p-{photographs}", "한 잔의 커피 ☕️ " * 60
        mina.open(f"/posts/{add_post(parts, name, tags, (cat,) * photographs, caption=caption)}")
        mina.page.wait_for_load_state("networkidle")
        assert mina.page.evaluate("document.documentElement.scrollHeight") <= 800
        for part in (
            ".frame img >> nth=0",
            ".labels >> nth=0",
            ".card.now .answer",
            ".actions .main",
        ):
            expect(mina.page.locator(part)).to_be_in_viewport(ratio=0.99)


def test_every_one_of_many_hashtags_is_reached_and_answered_by_key(
    moderator: NewModerator, parts: Parts, cat: bytes
) -> None:
    row = add_post(parts, "p-1", MANY, (cat,))
    mina = moderator()
    mina.open(f"/posts/{row}")
    for _ in range(10):  # those in doubt come first
        mina.page.keyboard.press("i")
    expect(mina.page.locator(".card.uncertain input[value=irrelevant]:checked")).to_have_count(10)
    for _ in range(30):
        mina.page.keyboard.press("j")
    expect(mina.page.locator(".card").last).to_have_class("card relevant now")
    expect(mina.page.locator(".card.now .answer")).to_be_in_viewport()


def test_each_photograph_has_a_key(moderator: NewModerator, parts: Parts, cat: bytes) -> None:
    row = add_post(parts, "p-1", FOUR, (cat,) * 10)
    mina = moderator()
    mina.open(f"/posts/{row}")
    for key, number in (("1", 1), ("4", 4), ("0", 10)):
        mina.page.keyboard.press("2")
        mina.page.keyboard.press(key)
        shown = mina.page.locator(f"#photograph-{number} .frame img")
        expect(shown).to_be_in_viewport(ratio=0.99)
        expect(mina.page.locator("[data-photograph][aria-current]")).to_have_text(
            f"Photograph {number % 10}", use_inner_text=False
        )


def test_a_photograph_that_cannot_be_loaded_says_so(
    moderator: NewModerator, parts: Parts, cat: bytes
) -> None:
    row = add_post(parts, "p-1", FOUR, (cat,))
    mina = moderator()
    mina.page.route("**/photographs/*", lambda route: route.abort())
    mina.open(f"/posts/{row}")
    expect(mina.page.locator(".not-loaded")).to_have_text("This photograph could not be loaded.")
    mina.complaints.clear()  # of the request that was cut off


def test_a_right_to_left_caption_begins_at_the_right(
    moderator: NewModerator, parts: Parts, cat: bytes
) -> None:
    row = add_post(parts, "p-1", FOUR, (cat,), caption="مرحبا بكم في المقهى الجديد ☕️")
    mina = moderator()
    mina.open(f"/posts/{row}")
    caption = mina.page.locator(".post-head .caption")
    assert caption.evaluate("one => getComputedStyle(one).direction") == "rtl"
