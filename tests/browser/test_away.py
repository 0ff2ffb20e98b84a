"""What was answered is kept, and sent once, while the network or the service is away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from service.parts import Parts
from tests.browser.conftest import NewModerator
from tests.browser.queue import Jpeg, answer, at_the_queue, heading, settled

pytestmark = pytest.mark.browser


def _offline(route: Route) -> None:
    route.abort("internetdisconnected")


def test_a_banner_tells_when_there_is_no_network(moderator: NewModerator) -> None:
    mina = moderator()
    mina.page.context.set_offline(True)
    expect(mina.page.locator(".offline")).to_contain_text("You are offline.")
    mina.page.context.set_offline(False)
    expect(mina.page.locator(".offline")).to_be_empty()
    mina.complaints.clear()  # of what the browser itself asked for meanwhile


def test_an_answer_that_cannot_be_sent_comes_back_as_it_was_given(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 3)
    name = heading(mina.page)
    mina.page.route("**/cases/*", _offline)
    mina.page.keyboard.press("Shift+U")  # whatever is uncertain
    mina.page.keyboard.press("u")
    mina.page.keyboard.press("s")
    expect(mina.page.get_by_role("alert")).to_contain_text("this answer is not saved yet")
    expect(mina.page.locator("h1")).to_have_text(name)
    assert mina.page.locator(".answer input[value=unverifiable]:checked").count() >= 1
    assert settled(parts) == {}
    mina.page.unroute("**/cases/*")  # nobody presses a key: it is tried again every few seconds
    expect(mina.page.locator("h1")).not_to_have_text(name)
    expect(mina.page.locator("form.undo")).to_contain_text(name)
    assert settled(parts) == {name: "unverifiable"}
    mina.complaints.clear()  # the browser itself tells of the request that was cut off


def test_an_answer_given_without_a_network_is_sent_when_it_is_back(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 2)
    name, banner = heading(mina.page), mina.page.locator(".offline")
    mina.page.context.set_offline(True)
    expect(banner).to_contain_text("kept on this page and sent by itself when the network is back")
    mina.page.keyboard.press("Shift+U")
    mina.page.keyboard.press("s")
    expect(mina.page.get_by_role("alert")).to_contain_text("the answer is sent by itself")
    expect(mina.page.locator("h1")).to_have_text(name)
    mina.page.keyboard.press("u")  # the answer as it stands when the network is back
    assert settled(parts) == {}
    mina.page.context.set_offline(False)
    expect(mina.page.locator("h1")).not_to_have_text(name)
    expect(banner).to_be_empty()
    assert settled(parts) == {name: "unverifiable"}
    mina.complaints.clear()  # the browser itself tells of the requests that were cut off


def test_skipping_a_post_whose_answer_waits_for_the_network_does_not_lose_the_answer(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    """It was said that the answer is sent by itself."""
    mina = at_the_queue(moderator, parts, jpeg, 2)
    name = heading(mina.page)
    mina.page.context.set_offline(True)
    answer(mina.page)
    expect(mina.page.get_by_role("alert")).to_contain_text("the answer is sent by itself")
    mina.page.keyboard.press("n")
    expect(mina.page.locator("#answers[aria-busy=true]")).to_have_count(0)
    mina.page.context.set_offline(False)
    expect(mina.page.locator("h1")).not_to_have_text(name)
    expect(mina.page.locator("form.undo")).to_contain_text(name)
    assert settled(parts) == {name: "irrelevant"}
    mina.complaints.clear()  # the browser itself tells of the requests that were cut off


def test_an_answer_whose_receipt_is_lost_is_saved_once(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 2)
    name = heading(mina.page)

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    mina.page.route("**/cases/*", lose, times=1)
    answer(mina.page)
    expect(mina.page.get_by_role("alert")).to_contain_text("this answer is not saved yet")
    expect(mina.page.locator("h1")).not_to_have_text(name)
    expect(mina.page.locator("form.undo")).to_contain_text(name)
    assert settled(parts) == {name: "irrelevant"}
    mina.complaints.clear()


def test_another_form_keeps_what_was_typed_while_there_is_no_network(
    moderator: NewModerator,
) -> None:
    mina = moderator()
    mina.open("/settings")
    zone, save = mina.page.locator("#zone"), mina.page.get_by_role("button", name="Save")
    mina.page.context.set_offline(True)
    zone.fill("Europe/Paris")
    save.click()
    expect(mina.page.locator(".offline")).to_contain_text("send it when the network is back")
    expect(zone).to_have_value("Europe/Paris")
    mina.page.context.set_offline(False)
    expect(mina.page.locator(".offline")).to_be_empty()
    save.click()
    expect(mina.page.locator(".notice.good")).to_contain_text("Your settings are saved.")
    expect(zone).to_have_value("Europe/Paris")
    mina.complaints.clear()  # the browser itself tells of the requests that were cut off


def test_an_error_of_the_service_is_told_and_nothing_is_lost(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    mina = at_the_queue(moderator, parts, jpeg, 2)
    name = heading(mina.page)
    mina.page.route("**/cases/*", lambda route: route.fulfill(status=502, body="<p>Bad gateway"))
    answer(mina.page)
    expect(mina.page.get_by_role("alert")).to_contain_text("Your answers are kept")
    expect(mina.page.locator("h1")).to_have_text(name)
    mina.complaints.clear()  # of the 502


def test_undo_takes_back_the_answer_that_is_still_on_its_way(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    """The page that is shown meanwhile was loaded before, and knew an older answer only."""
    mina = at_the_queue(moderator, parts, jpeg, 5)
    names, held = [], list[Route]()
    for _answered in range(2):
        names.append(heading(mina.page))
        answer(mina.page)
        expect(mina.page.locator("form.undo")).to_contain_text(names[-1])
        mina.page.wait_for_load_state("networkidle")
    mina.page.route(
        "**/cases/*",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    names.append(heading(mina.page))
    answer(mina.page)
    expect(mina.page.locator("h1")).not_to_have_text(names[2])
    expect(mina.page.locator("form.undo")).to_contain_text(names[1])
    mina.page.keyboard.press("z")
    held.pop().continue_()
    expect(mina.page.locator("h1")).to_have_text(names[2])
    expect(mina.page.get_by_text("Your answer was taken back.")).to_be_visible()
    assert settled(parts) == dict.fromkeys(names[:2], "irrelevant")
