"""Keys everywhere: all of them on one page, a palette, and other keys for whoever wants them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from service.parts import Parts
from tests.browser.conftest import Moderator
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


def test_one_key_shows_all_keys_and_another_closes_them(moderator: NewModerator) -> None:
    mina = moderator()
    mina.page.keyboard.press("?")
    keys = mina.page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Agree with every verdict")
    mina.page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_the_palette_finds_a_page_by_some_of_its_letters(moderator: NewModerator) -> None:
    mina = moderator()
    mina.page.keyboard.press("Control+k")
    field = mina.page.get_by_role("combobox")
    expect(field).to_be_focused()
    mina.page.keyboard.type("htgs")
    chosen = mina.page.get_by_role("option", selected=True)
    expect(chosen).to_have_text("Hashtags")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    mina.page.keyboard.press("Enter")
    expect(mina.page).to_have_url(f"{mina.address}/hashtags")


def test_the_palette_finds_korean_by_first_letters_and_half_a_syllable(
    moderator: NewModerator,
) -> None:
    mina = moderator(language="ko")
    mina.page.keyboard.press("Control+k")
    for typed in ("ㅎㅅㅌㄱ", "해시ㅌ"):
        mina.page.get_by_role("combobox").fill(typed)
        expect(mina.page.get_by_role("option", name="해시태그", exact=True)).to_be_visible()


def test_the_palette_does_what_can_be_done_to_the_post(
    moderator: NewModerator, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"카페": "uncertain"})
    mina = moderator()
    mina.open(f"/posts/{row}")
    mina.page.keyboard.press("Control+k")
    mina.page.keyboard.type("hashtag is irrelevant")
    mina.page.keyboard.press("Enter")
    expect(mina.page.locator("#answer-0-irrelevant")).to_be_checked()


def test_the_palette_says_when_nothing_is_called_that(moderator: NewModerator) -> None:
    mina = moderator()
    mina.page.keyboard.press("Control+k")
    mina.page.keyboard.type("qqqq")
    expect(mina.page.locator(".palette-none")).to_have_text("Nothing matches.")
    mina.page.keyboard.press("Enter")
    expect(mina.page.get_by_role("combobox")).to_be_focused()


def test_another_key_is_chosen_by_pressing_it_and_printed_where_it_acts(
    moderator: NewModerator, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"카페": "uncertain"})
    mina = moderator()
    mina.open("/settings")
    field = mina.page.get_by_label("The hashtag is irrelevant")
    field.focus()
    mina.page.keyboard.press("e")
    expect(field).to_have_value("E")
    field.press("Enter")
    expect(mina.page.get_by_role("status").first).to_contain_text("Your settings are saved.")
    mina.open(f"/posts/{row}")
    expect(mina.page.locator("label.irrelevant kbd")).to_have_text("E")
    mina.page.keyboard.press("i")
    expect(mina.page.locator(".answer input:checked")).to_have_count(0)
    mina.page.keyboard.press("e")
    expect(mina.page.locator("#answer-0-irrelevant")).to_be_checked()


def test_a_key_that_is_chosen_twice_is_told_at_once(moderator: NewModerator) -> None:
    mina = moderator()
    mina.open("/settings")
    mina.page.get_by_label("The hashtag is irrelevant").press("r")
    expect(mina.page.locator(".key-conflict")).to_have_text("R is chosen twice.")


def test_no_single_key_acts_in_a_window_or_while_an_input_method_composes(
    moderator: NewModerator, parts: Parts
) -> None:
    row = add_post(parts, "p-1", {"카페": "uncertain"})
    mina = moderator()
    mina.open(f"/posts/{row}")
    mina.page.keyboard.press("?")
    mina.page.keyboard.press("r")
    mina.page.keyboard.press("Escape")
    mina.page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'r', code: 'KeyR', bubbles: true, isComposing: true}))"
    )
    for combination in ("Control+r", "Alt+r"):
        mina.page.evaluate(
            "name => document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'r',"
            " code: 'KeyR', bubbles: true, ctrlKey: name[0] === 'C', altKey: name[0] === 'A'}))",
            combination,
        )
    expect(mina.page.locator(".answer input:checked")).to_have_count(0)


def test_escape_leaves_a_note_but_not_while_an_input_method_composes(
    moderator: NewModerator, parts: Parts
) -> None:
    """There it takes back the syllable that is being composed."""
    row = add_post(parts, "p-1", {"카페": "uncertain"})
    mina = moderator(language="ko")
    mina.open(f"/posts/{row}")
    mina.page.keyboard.press("m")
    note = mina.page.locator("#note")
    note.focus()
    note.dispatch_event("keydown", {"key": "Escape", "code": "Escape", "isComposing": True})
    expect(note).to_be_focused()
    note.press("Escape")
    expect(note).not_to_be_focused()


def test_shift_answers_everything_uncertain_at_once(moderator: NewModerator, parts: Parts) -> None:
    tags = {"카페": "uncertain", "맛집": "uncertain", "고양이": "relevant"}
    row = add_post(parts, "p-1", tags)
    mina = moderator()
    mina.open(f"/posts/{row}")
    mina.page.keyboard.press("Shift+I")
    expect(mina.page.locator(".card.uncertain input[value=irrelevant]:checked")).to_have_count(2)
    expect(mina.page.locator(".card.relevant input[value=relevant]:checked")).to_have_count(1)


def test_without_scripts_the_keys_are_a_page(moderator: NewModerator) -> None:
    mina = moderator(scripts=False)
    mina.page.get_by_role("link", name="Keys").click()
    expect(mina.page.get_by_label("Save and go to the next post")).to_have_value("S")


def test_a_slash_finds_a_post_by_a_word_of_its_caption(
    moderator: Callable[..., Moderator], parts: Parts
) -> None:
    row = add_post(parts, "p-77", {"카페": "relevant"}, caption="에스프레소가 진하다")
    mina = moderator()
    mina.open("/overview")
    mina.page.keyboard.press("/")
    mina.page.keyboard.type("에스프레소")
    option = mina.page.get_by_role("option", name="p-77")
    expect(option).to_be_visible()
    expect(option).to_have_attribute("aria-selected", "true")
    mina.page.keyboard.press("Enter")
    mina.page.wait_for_url(f"**/posts/{row}")
