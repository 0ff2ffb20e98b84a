from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image as Pillow

from service.console.posts.photographs import THUMBNAIL_PIXELS
from service.parts import Parts
from service.tables import Post
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor


@pytest.fixture
def picture(jpeg: Callable[..., bytes], parts: Parts) -> tuple[bytes, int]:
    """The bytes of the only photograph, and the row of its post."""
    data = jpeg(size=(1280, 960), seed=7)
    return data, add_post(parts, "p-1", {"a": "irrelevant"}, (data,))


def test_the_stored_copy_is_served_as_it_is(mina: Visitor, picture: tuple[bytes, int]) -> None:
    answer = mina.get("/photographs/1")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.data == picture[0]


@pytest.mark.parametrize("path", ["/photographs/1", "/photographs/1/thumbnail"])
def test_a_browser_that_has_it_asks_and_gets_no_bytes(
    mina: Visitor, picture: tuple[bytes, int], path: str
) -> None:
    first = mina.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = mina.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_thumbnail_is_small(mina: Visitor, picture: tuple[bytes, int]) -> None:
    with Pillow.open(io.BytesIO(mina.get("/photographs/1/thumbnail").data)) as image:
        assert image.size == (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS * 3 // 4)


def test_where_a_label_was_seen_is_a_drawing_of_the_photographs_shape(
    mina: Visitor, picture: tuple[bytes, int]
) -> None:
    answer = mina.get("/photographs/1/places/food")
    with Pillow.open(io.BytesIO(answer.data)) as drawing:
        assert drawing.mode == "RGBA"
        assert drawing.width / drawing.height == pytest.approx(4 / 3, rel=0.01)
        assert len(set(drawing.getchannel("A").tobytes())) > 2


@pytest.mark.parametrize(
    "path", ["/photographs/2", "/photographs/2/thumbnail", "/photographs/1/places/unicorn"]
)
def test_what_is_not_there_is_not_found(
    mina: Visitor, picture: tuple[bytes, int], path: str
) -> None:
    assert mina.get(path).status_code == 404


def test_a_deleted_posts_photograph_is_gone_also_for_a_browser_that_had_it(
    mina: Visitor, picture: tuple[bytes, int], parts: Parts
) -> None:
    tag = mina.get("/photographs/1").headers["ETag"]
    with parts.sessions.begin() as session:
        session.get_one(Post, picture[1]).state = "deleted"
    assert mina.get("/photographs/1", headers={"If-None-Match": tag}).status_code == 404


def test_a_copy_that_the_store_lost_is_not_found(
    mina: Visitor, picture: tuple[bytes, int], parts: Parts
) -> None:
    parts.images.delete([f"test/{picture[1]}-0.jpg"])
    assert mina.get("/photographs/1").status_code == 404
