"""A picture is sent while the words are written, by a script or with the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from service.items.embed import embed_items
from service.parts import Parts
from tests.browser.conftest import NARROW, Moderator

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


def _file(data: bytes) -> FilePayload:
    return {"name": "cup.jpg", "mimeType": "image/jpeg", "buffer": data}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_picture_and_a_title_become_an_item(
    moderator: NewModerator, parts: Parts, jpeg: Callable[..., bytes], scripts: bool
) -> None:
    ana = moderator(role="analyst", scripts=scripts, size=NARROW)
    ana.open("/produce")
    ana.page.locator("#picture").set_input_files(_file(jpeg(seed=1)))
    if scripts:
        expect(ana.page.locator("#sending")).to_contain_text("The picture is there.")
    ana.page.get_by_label("Title").fill("A cup")
    ana.page.get_by_role("button", name="Add", exact=True).click()
    expect(ana.page.get_by_role("heading", name="A cup")).to_be_visible()
    expect(ana.page.locator(".progress")).to_be_visible()
    embed_items(parts)
    if scripts:  # the page asks by itself
        expect(ana.page.locator(".notice.good")).to_contain_text("It was looked at")


def test_a_file_that_is_no_picture_is_refused_before_the_form_is_sent(
    moderator: NewModerator,
) -> None:
    ana = moderator(role="analyst")
    ana.open("/produce")
    ana.page.locator("#picture").set_input_files(_file(b"no picture"))
    expect(ana.page.locator("#problem")).to_contain_text("did not arrive")
    expect(ana.page.get_by_role("button", name="Add", exact=True)).to_be_enabled()
    ana.complaints.clear()  # the browser says, too, that the file was refused
