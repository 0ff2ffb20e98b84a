"""Two moderators at one queue, and every kind of answer taken back, in a real browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from service.cases import open_case
from service.parts import Parts
from service.reviews.state import state_of
from service.tables import Post, Review
from tests.browser.conftest import Moderator
from tests.browser.queue import fill
from tests.service.console.rows import add_post
from tests.service.similar.rows import add_seen

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]
Jpeg = Callable[..., bytes]

POSTS = 8


def test_two_moderators_share_a_queue_and_settle_each_post_once(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    rows = fill(parts, jpeg, POSTS)
    pair = [moderator(), moderator()]
    for one in pair:
        one.open("/queue/next")
        one.page.wait_for_load_state("networkidle")
    names = [one.page.locator("h1").inner_text() for one in pair]
    assert names[0] != names[1]
    for _ in range(POSTS // 2):
        for one in pair:
            heading = one.page.locator("h1")
            before = heading.inner_text()
            one.page.keyboard.press("Shift+I")
            one.page.keyboard.press("s")
            expect(heading).not_to_have_text(before)
            one.page.wait_for_load_state("networkidle")
    for one in pair:
        one.open("/posts")
        expect(one.page.locator(".empty")).to_contain_text("Nothing is waiting for you.")
    with parts.sessions() as session:
        assert Counter(session.scalars(select(Review.post_id))) == Counter(rows)
        shares = Counter(session.scalars(select(Review.user_id)))
    assert sorted(shares.values()) == [POSTS // 2, POSTS // 2]


@pytest.mark.parametrize("kind", ["review", "spot_check", "appeal", "double", "third", "control"])
def test_an_answer_of_every_kind_is_taken_back_by_one_key(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg, kind: str
) -> None:
    verdict = "irrelevant" if kind == "review" else "relevant"
    row = add_post(parts, "p-1", {"카페": verdict}, (jpeg(),))
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        before = state_of(post)
        if kind != "review":
            open_case(session, post, kind, 1.0, details={"text": "It is a cafe."})
    mina = moderator()
    mina.open("/queue/next")
    expect(mina.page.locator("h1")).to_have_text("p-1")
    mina.page.keyboard.press("u")
    mina.page.keyboard.press("s")
    expect(mina.page.locator("form.undo")).to_contain_text("p-1")
    mina.page.keyboard.press("z")
    expect(mina.page.locator("h1")).to_have_text("p-1")
    expect(mina.page.locator(".card")).to_have_count(1)
    with parts.sessions() as session:
        assert state_of(session.get_one(Post, row)) == before
        assert session.scalars(select(Review.undone_at)).one() is not None


def test_the_button_says_how_many_posts_take_the_answer(
    moderator: NewModerator, parts: Parts, jpeg: Jpeg
) -> None:
    rows = [add_seen(parts, f"p-{n}", {"카페": "irrelevant"}, (n,), jpeg()) for n in range(3)]
    mina = moderator()
    mina.open(f"/posts/{rows[0]}/together")
    button = mina.page.locator("[data-action=save]")
    expect(button).to_contain_text("Give this answer to 3 posts")
    boxes = mina.page.locator(".takers input")
    boxes.nth(0).uncheck()
    boxes.nth(1).uncheck()
    expect(button).to_contain_text("Give this answer to one post")
    boxes.nth(2).uncheck()
    expect(button).to_be_disabled()
