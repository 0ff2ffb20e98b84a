"""The queue by keyboard: case after case, and whatever can go wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, text, update

from service.app import create_app
from service.parts import Parts
from service.tables import Case, Post, Review
from tests.browser.conftest import Moderator, NewModerator, moderators, serving
from tests.browser.queue import (
    Jpeg,
    answer,
    at_the_queue,
    fill,
    heading,
    mouse_events,
    settled,
    watch_the_mouse,
)
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser


def _at_a_case(moderator: NewModerator) -> Moderator:
    """Somebody at a case that has loaded all; the browser's clock is the test's."""
    somebody: Moderator = moderator()
    somebody.page.clock.install()
    somebody.open("/queue/next")
    somebody.page.wait_for_load_state("networkidle")
    return somebody


def _let_go(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(text("UPDATE cases SET leased_until = now() - interval '1 second'"))


def test_twenty_posts_are_reviewed_with_no_mouse_event_and_two_keys_each(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 20)
    mina = moderator()
    watch_the_mouse(mina.page)
    mina.open("/queue/next")
    for left in range(20, 0, -1):
        name = heading(mina.page)
        assert len(settled(parts)) == 20 - left
        answer(mina.page)
        expect(mina.page.locator("h1")).not_to_have_text(name)
        expect(mina.page.locator("form.undo")).to_contain_text(name)
    expect(mina.page.locator(".empty")).to_contain_text("Nothing is waiting for you.")
    assert settled(parts) == {f"p-{number:02}": "irrelevant" for number in range(20)}
    assert mouse_events(mina.page) == []


def test_the_next_post_is_there_before_it_is_asked_for(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 3)
    asked: list[str] = []
    mina.page.on("request", lambda request: asked.append(request.url))
    name = heading(mina.page)
    answer(mina.page)
    expect(mina.page.locator("h1")).not_to_have_text(name)
    photograph = mina.page.locator(".photograph .frame > img")
    assert photograph.evaluate("image => image.complete && image.naturalWidth > 0")
    mina.page.wait_for_load_state("networkidle")
    assert asked  # the answer, and what comes after the next
    assert photograph.evaluate("image => image.src") not in asked


def test_a_moderator_holds_two_cases_and_no_more(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 6)
    mina = moderator()
    mina.open("/queue/next")
    for _ in range(3):
        name = heading(mina.page)
        answer(mina.page)
        expect(mina.page.locator("form.undo")).to_contain_text(name)
    mina.page.wait_for_load_state("networkidle")
    with parts.sessions() as session:
        held = session.scalars(
            select(Case.id).where(Case.closed_at.is_(None), Case.holder_id.is_not(None))
        ).all()
    assert len(held) == 2


@pytest.fixture
def telling(browser: Browser, parts: Parts) -> Iterator[NewModerator]:
    """Moderators of a console that tells a platform of their answers."""
    config = parts.config.model_copy(update={"callback_url": "https://platform.example/hook"})
    told = replace(parts, config=config)
    app = create_app(config, told)
    with serving(app) as server, moderators(browser, server, app, told) as make:
        yield make


def test_undo_brings_the_post_back_by_one_key(
    telling: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 3)
    mina = telling()
    mina.open("/queue/next")
    name = heading(mina.page)
    answer(mina.page)
    expect(mina.page.locator("form.undo")).to_contain_text("The platform is told in")
    mina.page.keyboard.press("z")
    expect(mina.page.locator("h1")).to_have_text(name)
    expect(mina.page.locator(".notice.good")).to_contain_text("Your answer was taken back.")
    assert settled(parts) == {}


def test_back_leads_through_the_posts_that_were_answered_to_the_list(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 4)
    mina = moderator()
    mina.open("/posts")
    mina.page.keyboard.press("s")
    names = []
    for _answered in range(2):
        mina.page.wait_for_load_state("networkidle")
        names.append(heading(mina.page))
        answer(mina.page)
        expect(mina.page.locator("h1")).not_to_have_text(names[-1])
    third = heading(mina.page)
    for name in reversed(names):
        mina.page.go_back()
        expect(mina.page.locator("h1")).to_have_text(name)
        expect(mina.page.get_by_text(f"Settled by {mina.name}")).to_be_visible()
    mina.page.go_back()
    expect(mina.page.locator(".tabs")).to_be_visible()
    for name in (*names, third):
        mina.page.go_forward()
        expect(mina.page.locator("h1")).to_have_text(name)
    answer(mina.page)
    expect(mina.page.locator("form.undo")).to_contain_text(third)
    assert len(settled(parts)) == 3


def test_skipping_shows_the_next_post_and_gives_the_case_back(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 2)
    mina = moderator()
    mina.open("/queue/next")
    name = heading(mina.page)
    with mina.page.expect_response("**/skip"):
        mina.page.keyboard.press("n")
    expect(mina.page.locator("h1")).not_to_have_text(name)
    with parts.sessions() as session:
        assert [len(one.set_aside) for one in session.scalars(select(Case).order_by(Case.id))] == [
            1,
            0,
        ]


def test_chosen_answers_outlive_the_page(moderator: NewModerator, parts: Parts, jpeg: Jpeg) -> None:
    fill(parts, jpeg, 1)
    mina = moderator()
    mina.open("/queue/next")
    mina.page.keyboard.press("u")
    mina.page.reload()
    expect(mina.page.locator(".answer input[value=unverifiable]")).to_have_count(2)
    expect(mina.page.locator(".answer input[value=unverifiable]").first).to_be_checked()


def test_answers_that_come_too_late_are_kept_and_said_so(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 2)
    name, address = heading(mina.page), mina.page.url
    _let_go(parts)
    answer(mina.page)
    expect(mina.page.get_by_role("alert")).to_contain_text("kept here as a draft")
    expect(mina.page.locator("h1")).to_have_text(name)
    assert mina.page.url == address, "loading the page again does not lose what it says"
    expect(mina.page.locator(".kept").first).to_contain_text("#카페")
    assert settled(parts) == {}
    mina.complaints.clear()  # of the 409 that said so


def test_a_session_that_ended_keeps_the_answers_for_the_next_one(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 2)
    name = heading(mina.page)
    mina.page.context.clear_cookies()
    answer(mina.page)
    expect(mina.page.get_by_role("alert")).to_contain_text("Your session has ended")
    expect(mina.page.locator("h1")).to_have_text(name)
    mina.sign_in_elsewhere()
    mina.page.keyboard.press("s")
    expect(mina.page.locator("form.undo")).to_contain_text(name)
    assert list(settled(parts)) == [name]
    mina.complaints.clear()  # of the 401 that said so, and of the old form's token


def test_a_post_that_its_platform_deleted_meanwhile_says_so_and_is_left_by_a_key(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 2)
    name = heading(mina.page)
    with parts.sessions.begin() as session:
        session.execute(update(Post).where(Post.external_id == name).values(state="deleted"))
    answer(mina.page)
    expect(mina.page.get_by_role("alert")).to_contain_text("Posts are deleted by their platform")
    mina.page.keyboard.press("n")
    expect(mina.page.locator("h1")).not_to_have_text(name)
    mina.complaints.clear()  # of the 404 that said so


def test_what_is_uncertain_is_asked_for_before_anything_is_sent(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 2)
    mina = moderator()
    mina.open("/queue/next")
    if not mina.page.locator(".card.uncertain").count():
        mina.page.keyboard.press("a")
        expect(mina.page.locator(".card.uncertain")).to_have_count(1)
    hint = mina.page.locator(".actions .left")
    expect(hint).to_be_visible()
    mina.page.keyboard.press("s")
    expect(mina.page.get_by_role("alert")).to_contain_text("Answer what is uncertain first.")
    mina.page.keyboard.press("r")
    expect(hint).to_be_hidden()  # it would not be true any more


def test_the_lease_is_renewed_while_the_post_is_looked_at(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 2)
    mina = moderator()
    mina.page.clock.install()
    mina.open("/queue/next")
    with mina.page.expect_response("**/queue/heartbeat") as beat:
        mina.page.clock.fast_forward(60_000)
    assert len(beat.value.json()["held"]) == 2


def test_the_lease_is_renewed_after_a_new_sign_in_elsewhere(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 2)
    mina = _at_a_case(moderator)
    token = mina.page.locator("#answers input[name=csrf_token]")
    old = token.input_value()
    mina.page.context.clear_cookies()
    mina.sign_in_elsewhere()
    mina.page.clock.fast_forward(60_000)
    expect(token).not_to_have_value(old)
    with mina.page.expect_response("**/queue/heartbeat") as beat:
        mina.page.clock.fast_forward(60_000)
    assert len(beat.value.json()["held"]) == 2
    mina.complaints.clear()  # of the first beat, with the old form's token


def test_a_machine_that_slept_takes_its_case_again_if_nobody_has_it(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 1)
    mina = _at_a_case(moderator)
    _let_go(parts)
    with mina.page.expect_response("**/cases/*"):
        mina.page.clock.fast_forward(60_000)
    name = heading(mina.page)
    answer(mina.page)
    expect(mina.page.locator("form.undo")).to_contain_text(name)


def test_a_case_that_somebody_else_took_is_told_before_it_is_answered(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 1)
    mina, jun = _at_a_case(moderator), moderator()
    _let_go(parts)
    jun.open("/queue/next")
    mina.page.clock.fast_forward(60_000)
    expect(mina.page.get_by_role("alert")).to_contain_text("another moderator")


def test_a_case_works_without_scripts(moderator: NewModerator, parts: Parts, jpeg: Jpeg) -> None:
    fill(parts, jpeg, 2)
    mina = moderator(scripts=False)
    mina.open("/queue/next")
    name = heading(mina.page)
    for legend in mina.page.locator("label.irrelevant").all():
        legend.click()
    mina.page.get_by_role("button", name="Save and next").click()
    expect(mina.page.locator("form.undo")).to_contain_text(name)
    mina.page.get_by_role("button", name="Undo").click()
    expect(mina.page.locator("h1")).to_have_text(name)


def test_hashtags_that_cannot_be_checked_unfold_by_a_key_and_are_skipped_until_then(
    moderator: NewModerator, parts: Parts
) -> None:
    tags = {f"t{n}": "unverifiable" for n in range(12)}
    add_post(parts, "p-1", {"카페": "irrelevant", "고양이": "relevant"} | tags)
    mina = moderator()
    mina.open("/queue/next")
    fold = mina.page.locator("details.folded")
    expect(fold.locator(".card").first).to_be_hidden()
    for _ in range(3):
        mina.page.keyboard.press("j")
    expect(mina.page.locator(".card.now")).to_contain_text("#고양이")
    mina.page.keyboard.press("o")
    expect(mina.page.locator(".card.now")).to_contain_text("#t0")
    mina.page.keyboard.press("r")
    expect(fold.locator("input[value=relevant]:checked")).to_have_count(1)
    mina.page.reload()
    expect(fold.locator("input[value=relevant]:checked")).to_be_attached()
    expect(fold).to_have_attribute("open", "")  # a changed answer is never out of view
    mina.page.keyboard.press("o")
    expect(fold.locator(".card").first).to_be_hidden()
    expect(mina.page.locator(".card.now")).to_contain_text("#카페")


def test_a_reason_and_a_note_are_given_by_keys_and_outlive_the_page(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 1)
    mina = moderator()
    mina.open("/queue/next")
    mina.page.keyboard.press("m")
    mina.page.keyboard.press("a")  # in the list: its first word
    mina.page.keyboard.press("Tab")
    mina.page.keyboard.type("a shop")
    mina.page.reload()
    expect(mina.page.get_by_label("Reason", exact=True)).to_have_value("advertisement")
    expect(mina.page.get_by_label("Note", exact=True)).to_have_value("a shop")
    mina.page.get_by_label("Note", exact=True).focus()
    mina.page.keyboard.press("Escape")
    mina.page.keyboard.press("a")
    expect(mina.page.locator("form.undo")).to_contain_text("p-00")
    with parts.sessions() as session:
        review = session.scalars(select(Review)).one()
    assert (review.reason, review.note) == ("advertisement", "a shop")


def test_a_post_is_handed_to_a_colleague_by_keys(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    fill(parts, jpeg, 2)
    mina, jun = moderator(), moderator()
    mina.open("/queue/next")
    mina.page.wait_for_load_state("networkidle")
    name = heading(mina.page)
    mina.page.keyboard.press("h")
    expect(mina.page.get_by_label("To whom")).to_be_focused()
    mina.page.keyboard.press("m")  # the only colleague
    mina.page.get_by_label("Why").fill("a shop?")
    with mina.page.expect_response("**/hand-over"):
        mina.page.get_by_role("button", name="Hand over, and go").press("Enter")
    expect(mina.page.locator("h1")).not_to_have_text(name)
    jun.open("/queue/next")
    expect(jun.page.locator("h1")).to_have_text(name)
    expect(jun.page.get_by_text("handed this post to you.")).to_contain_text("a shop?")
