"""A video is dropped, uploaded with a bar, and its best frames are shown with crops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from service.parts import Parts
from service.tables import ThumbnailJob
from service.thumbnails.make import make_thumbnails
from tests.browser.conftest import NARROW, Moderator
from tests.service.thumbnails.conftest import film as film

pytestmark = pytest.mark.browser
NewModerator = Callable[..., Moderator]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_video_gets_its_thumbnails_by_key_on_a_phone(
    moderator: NewModerator,
    parts: Parts,
    film: Callable[..., bytes],
    tmp_path: Path,
    scripts: bool,
) -> None:
    path = tmp_path / "cat.mp4"
    path.write_bytes(film("cat.jpg", "coffee.jpg"))
    ana = moderator(role="analyst", size=NARROW, scripts=scripts)
    ana.open("/thumbnails")
    ana.page.locator("#video").set_input_files(path)
    ana.page.locator("#k").press("Enter")
    expect(ana.page.get_by_role("heading", level=1)).to_contain_text("The best frames")
    with parts.sessions() as session:
        job = session.scalars(select(ThumbnailJob.id)).one()
    assert make_thumbnails(parts, job)
    crops = ana.page.locator(".crops img")
    expect(crops).to_have_count(9)
    if scripts:  # or nothing can be asked of the page
        crops.first.scroll_into_view_if_needed()
        expect(crops.first).to_have_js_property("naturalWidth", 320)
    expect(ana.page.locator(".strip .is-chosen")).to_have_count(3)
