"""A picture is put to its URL by the page; forms without scripts are tested without a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from service.items.embed import embed_items
from service.parts import Parts
from service.tables import ItemImage
from tests.browser.conftest import NARROW, Moderator

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


def _file(data: bytes) -> FilePayload:
    return {"name": "cup.jpg", "mimeType": "image/jpeg", "buffer": data}


def test_a_picture_is_sent_while_the_words_are_written(
    moderator: NewModerator, parts: Parts, jpeg: Callable[..., bytes]
) -> None:
    ana = moderator(role="analyst", size=NARROW)
    ana.open("/produce")
    ana.page.locator("#picture").set_input_files(_file(b"no picture"))
    expect(ana.page.locator("#problem")).to_contain_text("no picture that can be read")
    ana.complaints.clear()  # the browser says, too, that the file was refused
    ana.page.locator("#picture").set_input_files(_file(jpeg(seed=1)))
    expect(ana.page.locator("#sending")).to_contain_text("The picture is there.")
    ana.page.get_by_label("Title").fill("A cup")
    ana.page.get_by_role("button", name="Add", exact=True).click()
    expect(ana.page.get_by_role("heading", name="A cup")).to_be_visible()
    expect(ana.page.locator(".progress")).to_be_visible()
    embed_items(parts)
    expect(ana.page.locator(".notice.good")).to_contain_text("It has been looked at")


def test_a_picture_that_was_refused_is_not_sent_with_the_words(
    moderator: NewModerator, parts: Parts
) -> None:
    ana = moderator(role="analyst")
    ana.open("/produce")
    for data, said in ((b"no picture", "no picture that can be read"), (b"", "This file is empty")):
        ana.page.locator("#picture").set_input_files(_file(data))
        expect(ana.page.locator("#problem")).to_contain_text(said)
        expect(ana.page.locator(".chosen")).to_be_empty()
    ana.complaints.clear()  # of the two refusals
    ana.page.get_by_label("Title").fill("A cup")
    ana.page.get_by_role("button", name="Add", exact=True).click()
    expect(ana.page.get_by_role("heading", name="A cup")).to_be_visible()
    with parts.sessions() as session:
        assert session.scalars(select(ItemImage.id)).all() == []
