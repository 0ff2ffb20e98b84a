"""A queue of posts with different photographs, and what the browser was asked to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playwright.sync_api import Page
from sqlalchemy import select

from service.parts import Parts
from service.tables import Post, Review
from tests.browser.conftest import Moderator, NewModerator
from tests.service.console.rows import add_post

Jpeg = Callable[..., bytes]

# Whatever a mouse or a finger does. A control that is pressed by key gets a click as well, which
# counts no pressed button (``detail`` 0).
WATCH = """
window.mouse = [];
for (const kind of ["mousedown", "mouseup", "pointerdown", "touchstart", "wheel", "click"]) {
  addEventListener(kind, (event) => event.isTrusted && (kind !== "click" || event.detail > 0)
    && mouse.push(kind), true);
}
"""


def watch_the_mouse(page: Page) -> None:
    """From the next page on, ``mouse_events`` tells what the mouse did."""
    page.add_init_script(WATCH)


def mouse_events(page: Page) -> list[str]:
    return list(page.evaluate("window.mouse"))


def fill(parts: Parts, jpeg: Jpeg, count: int) -> Sequence[int]:
    """So many posts, flagged and doubtful by turns, each with a photograph of its own."""
    return [
        add_post(
            parts,
            f"p-{number:02}",
            {"카페": ("irrelevant", "uncertain")[number % 2], "고양이": "relevant"},
            (jpeg(seed=number),),
        )
        for number in range(count)
    ]


def at_the_queue(moderator: NewModerator, parts: Parts, jpeg: Jpeg, count: int) -> Moderator:
    """A moderator who looks at the first of so many posts and at all that comes after it."""
    fill(parts, jpeg, count)
    mina = moderator()
    mina.open("/queue/next")
    mina.page.wait_for_load_state("networkidle")
    return mina


def settled(parts: Parts) -> dict[str, str]:
    """The answer to #카페 of every post that somebody answered, by the platform's id."""
    with parts.sessions() as session:
        rows = session.execute(
            select(Post.external_id, Review.answers)
            .join(Review, Review.post_id == Post.id)
            .where(Review.undone_at.is_(None))
        ).all()
    return {name: answers["카페"] for name, answers in rows}


def heading(page: Page) -> str:
    """The first heading: of a case, the post's id."""
    return page.locator("h1").inner_text()


def answer(page: Page) -> None:
    """One key for a flagged post, two for a doubtful one."""
    if page.locator(".card.uncertain").count():
        page.keyboard.press("i")
        page.keyboard.press("s")
    else:
        page.keyboard.press("a")
