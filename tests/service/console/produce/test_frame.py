"""The best frame of a video becomes an item's picture."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from service.parts import Parts
from service.tables import ItemImage, ThumbnailJob
from service.thumbnails.make import make_thumbnails
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor

Jpeg = Callable[..., bytes]


@pytest.fixture
def ana(clean: None, signed_in: NewVisitor) -> Visitor:
    """An analyst who is signed in."""
    return signed_in("ana", "analyst")


def _chosen(ana: Visitor, parts: Parts, jpeg: Jpeg) -> str:
    """The address under which a chosen frame is made an item's picture."""
    pictures = [(io.BytesIO(jpeg(seed=number)), f"{number}.jpg") for number in range(2)]
    form = {"k": "1", "style": "none", "images": pictures}
    asked = ana.send("/thumbnails", form)
    with parts.sessions() as session:
        assert make_thumbnails(parts, session.scalars(select(ThumbnailJob.id)).one())
    named = re.search(r'href="(/produce\?frame=[^"]+)"', ana.get(asked.location).text)
    assert named
    return named[1]


def test_a_chosen_frame_is_the_picture_unless_another_is_chosen(
    ana: Visitor, parts: Parts, jpeg: Jpeg
) -> None:
    address = _chosen(ana, parts, jpeg)
    page = ana.get(address).text
    shown = re.search(r'<img class="whole" src="([^"]+)"', page)
    named = re.search(r'name="frame" value="([^"]+)"', page)
    assert shown
    assert named
    form = {"title": "A film", "frame": named[1]}
    assert ana.send("/produce", form).status_code == 303
    other = form | {"picture": (io.BytesIO(jpeg(seed=9)), "other.jpg")}
    assert ana.send("/produce", other).status_code == 303
    with parts.sessions() as session:
        kept = session.scalars(select(ItemImage.source_bytes).order_by(ItemImage.id)).all()
    assert kept == [ana.get(shown[1]).data, jpeg(seed=9)]


def test_a_frame_whose_time_is_over_is_said(ana: Visitor, parts: Parts, jpeg: Jpeg) -> None:
    named = _chosen(ana, parts, jpeg).partition("frame=")[2].replace("%2F", "/")
    with parts.sessions.begin() as session:
        session.execute(update(ThumbnailJob).values(expires_at=datetime(2026, 1, 1, tzinfo=UTC)))
    answer = ana.send("/produce", {"title": "A film", "frame": named})
    assert answer.status_code == 422
    assert "erased meanwhile" in answer.text


@pytest.mark.parametrize("named", ["", "x", "0/1", "g" * 32 + "/1"])
def test_what_names_no_frame_is_none(ana: Visitor, named: str) -> None:
    page = ana.get(f"/produce?frame={named}")
    assert page.status_code == 200
    assert 'name="frame"' not in page.text
