"""Kind to people: nothing is seen that one did not ask to see, and breaks are suggested."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect

from service.parts import Parts
from service.preferences import Preferences, save
from service.tables import User
from tests.browser.conftest import Moderator
from tests.browser.queue import fill
from tests.service.console.rows import add_post

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


def _prefer(parts: Parts, preferences: Preferences) -> None:
    with parts.sessions.begin() as session:
        save(session, session.query(User).one().id, preferences)


@pytest.mark.parametrize("control", ["key", "button", "focused button"])
def test_the_photograph_itself_is_sent_only_while_it_is_asked_for(
    moderator: NewModerator, parts: Parts, jpeg: Callable[..., bytes], control: str
) -> None:
    original = jpeg(seed=1)
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (original, jpeg(seed=2)))
    mina = moderator()
    _prefer(parts, Preferences(blurred=True))
    sent: list[bytes] = []
    asked: list[str] = []
    mina.page.on("request", lambda request: asked.append(request.url))

    def finished(request: Request) -> None:
        answer = request.response()
        if answer and "/photographs/" in request.url:
            sent.append(answer.body())

    mina.page.on("requestfinished", finished)
    mina.open(f"/posts/{row}")
    mina.page.wait_for_load_state("networkidle")
    photograph = mina.page.locator("#photograph-1 .frame img")
    veiled = photograph.get_attribute("src")
    assert not [url for url in asked if url.endswith("/revealed")]
    assert sent
    assert original not in sent
    button = mina.page.locator("#photograph-1 [data-hold]")
    with mina.page.expect_response("**/revealed") as revealed:
        if control == "key":
            mina.page.keyboard.down("v")
        elif control == "button":
            button.hover()
            mina.page.mouse.down()
        else:
            button.focus()
            mina.page.keyboard.down(" ")
    assert revealed.value.body() == original
    expect(photograph).to_have_attribute("src", "/photographs/1/revealed")
    if control == "button":
        mina.page.mouse.up()
    else:
        mina.page.keyboard.up("v" if control == "key" else " ")
    expect(photograph).to_have_attribute("src", veiled or "")
    assert not [url for url in asked if url.endswith("/photographs/2/revealed")]


def test_the_next_post_is_fetched_veiled_too(
    moderator: NewModerator, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    fill(parts, jpeg, 3)
    mina = moderator()
    _prefer(parts, Preferences(blurred=True, grey=True))
    asked: list[str] = []
    mina.page.on("request", lambda request: asked.append(request.url))
    mina.open("/queue/next")
    mina.page.wait_for_load_state("networkidle")
    mina.page.keyboard.press("a")
    expect(mina.page.locator("form.undo")).to_be_visible()
    mina.page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/photographs/" in url]
    assert not [url for url in asked if url.endswith("/revealed")]


def test_what_was_seen_today_is_counted(
    moderator: NewModerator, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    fill(parts, jpeg, 2)
    mina = moderator()
    mina.open("/queue/next")
    expect(mina.page.locator("[data-seen]")).to_have_text("0 seen today")
    mina.page.keyboard.press("a")
    expect(mina.page.locator("[data-seen]")).to_have_text("1 seen today")
    mina.page.keyboard.press("z")
    expect(mina.page.locator("[data-seen]")).to_have_text("1 seen today")  # it was seen


def test_a_break_is_suggested_after_long_work_and_not_again_at_once(
    moderator: NewModerator, parts: Parts
) -> None:
    mina = moderator()
    _prefer(parts, Preferences(break_minutes=30))
    mina.page.clock.install()
    mina.open("/posts")
    notice = mina.page.locator(".pause")
    for _ in range(8):  # somebody who works never lets five minutes pass
        mina.page.keyboard.press("j")
        mina.page.clock.run_for(4 * 60_000)
    expect(notice).to_contain_text("Minutes at work without a break: 3")
    notice.get_by_role("button", name="Go on").click()
    expect(notice).to_be_empty()
    mina.page.clock.run_for(4 * 60_000)
    expect(notice).to_be_empty()


def test_whoever_took_a_break_is_not_told_to(moderator: NewModerator, parts: Parts) -> None:
    mina = moderator()
    _prefer(parts, Preferences(break_minutes=30))
    mina.page.clock.install()
    mina.open("/posts")
    mina.page.clock.run_for(25 * 60_000)
    mina.page.keyboard.press("j")
    mina.page.clock.run_for(60_000)
    expect(mina.page.locator(".pause")).to_be_empty()


def test_without_scripts_a_link_leads_to_the_photograph(
    moderator: NewModerator, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    row = add_post(parts, "p-1", {"카페": "irrelevant"}, (jpeg(),))
    mina = moderator(scripts=False)
    _prefer(parts, Preferences(blurred=True))
    mina.open(f"/posts/{row}")
    link = mina.page.get_by_role("link", name="See the photograph itself")
    assert link.get_attribute("href") == "/photographs/1/revealed"
