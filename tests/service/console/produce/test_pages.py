"""An item is added, looked at, seen beside what is like it, and deleted again."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from service.accounts import create
from service.app import create_app
from service.config import Config
from service.items.embed import embed_items
from service.parts import Parts
from service.tables import AuditEntry, Erasure, Interaction, Item, ItemImage, ItemVector, Upload
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor
from tests.service.recommend.conftest import World

Jpeg = Callable[..., bytes]
CUP = {"title": "A cup", "text": "of coffee", "tags": "#cafe, coffee cafe", "link": ""}


@pytest.fixture
def ana(clean: None, signed_in: NewVisitor) -> Visitor:
    """An analyst who is signed in."""
    return signed_in("ana", "analyst")


def add(visitor: Visitor, picture: bytes | None = None, **fields: Any) -> TestResponse:
    form: dict[str, Any] = CUP | fields
    if picture is not None:
        form["picture"] = (io.BytesIO(picture), "cup.jpg")
    return visitor.send("/produce", form)


def put(visitor: Visitor, picture: bytes, **said: str) -> str:
    """Do what the page's script does; the upload's key."""
    form = {"size": str(len(picture)), "content_type": "image/jpeg"} | said
    begun = visitor.send("/produce/uploads", form).json
    assert begun
    answer = visitor.client.put(begun["url"], data=picture)
    assert answer.status_code == 200, answer.text
    return str(begun["key"])


@pytest.mark.parametrize("path", ["/produce", "/produce/items/1", "/produce/items/1/state.json"])
def test_a_moderator_adds_nothing(clean: None, mina: Visitor, path: str) -> None:
    assert mina.get(path).status_code == 403


def test_an_item_with_a_file_is_looked_at_and_then_stands_beside_what_is_like_it(
    ana: Visitor, parts: Parts, jpeg: Jpeg
) -> None:
    assert "No item was added yet" in ana.get("/produce").text
    added = add(ana, jpeg(seed=1))
    page = ana.get(added.location).text
    assert "Looking at it …" in page
    assert '"over":false' in ana.get(f"{added.location}/state.json").text
    embed_items(parts)
    assert '"over":true' in ana.get(f"{added.location}/state.json").text
    page = ana.get(added.location).text
    assert "It has been looked at" in page
    assert "Nothing else has a vector yet." in page
    assert page.count("#cafe") == 1
    assert "<dd>English</dd>" in page
    add(ana, jpeg(seed=1), title="The same cup")
    embed_items(parts)
    page = ana.get(added.location).text
    assert "The same cup" in page
    assert "1.00" in page
    assert "The same cup" in ana.get("/produce").text


@pytest.mark.parametrize(
    ("chosen", "kept"), [("letters", "en"), ("ko", "ko"), ("", ""), ("fr", None)]
)
def test_the_language_is_chosen_or_told_by_the_letters(
    ana: Visitor, parts: Parts, chosen: str, kept: str | None
) -> None:
    added = add(ana, language=chosen)
    with parts.sessions() as session:
        assert session.scalar(select(Item.language)) == kept
    if kept is None:
        assert added.status_code == 422
        assert "Items are in Korean, in English, or for everybody." in added.text


def test_what_the_script_uploaded_becomes_the_picture(
    ana: Visitor, parts: Parts, jpeg: Jpeg
) -> None:
    added = add(ana, upload=put(ana, jpeg(seed=2)))
    assert added.status_code == 303
    with parts.sessions() as session:
        assert session.scalars(select(Upload.claimed_by)).one() is not None
        assert session.scalars(select(ItemImage.source_upload)).one() is not None
    row = added.location.rpartition("/")[2]
    assert ana.get(f"/watch/items/{row}/picture?small=1").mimetype == "image/jpeg"


def test_an_upload_belongs_to_one_item(ana: Visitor, jpeg: Jpeg) -> None:
    key = put(ana, jpeg(seed=2))
    assert add(ana, upload=key).status_code == 303
    again = add(ana, upload=key)
    assert again.status_code == 422
    assert "belongs to something else already" in again.text
    assert 'value="A cup"' in again.text
    assert "Choose it again." in add(ana, upload="0" * 32).text


def test_a_file_that_is_no_picture_is_said_on_the_page(ana: Visitor, parts: Parts) -> None:
    added = add(ana, b"no picture")
    embed_items(parts)
    page = ana.get(added.location).text
    assert "Its picture cannot be used: it is not an image." in page
    assert "It has been looked at" in page  # its words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " ", "text": "", "tags": ""}, "An item needs a title, a text or a picture."),
        ({"title": "x" * 501}, "That is too long."),
        ({"tags": "x" * 201}, "These are too many tags, or one is too long."),
        ({"link": "javascript:alert(1)"}, "A link begins with https:// or http://."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    ana: Visitor, parts: Parts, fields: dict[str, Any], said: str
) -> None:
    answer = add(ana, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Item)) == 0


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("0", "This file is empty."),
        *((size, "A picture may have at most") for size in ("", "-1", str(2**40), "many")),
    ],
)
def test_a_picture_of_another_size_is_not_begun(ana: Visitor, size: str, said: str) -> None:
    answer = ana.send("/produce/uploads", {"size": size})
    assert answer.status_code == 422
    assert said in answer.text


def test_uploads_of_one_person_have_a_bound(
    clean: None, config: Config, parts: Parts, jpeg: Jpeg
) -> None:
    narrow = config.model_copy(update={"uploads_waiting": 1})
    ana = Visitor(create_app(narrow, replace(parts, config=narrow)).test_client())
    with parts.sessions.begin() as session:
        _, password = create(session, "ana", "analyst")
    ana.sign_in("ana", password)
    put(ana, jpeg(seed=2))
    assert ana.send("/produce/uploads", {"size": "10"}).status_code == 429


def test_an_item_that_is_deleted_is_gone_everywhere(ana: Visitor, parts: Parts, jpeg: Jpeg) -> None:
    added = add(ana, upload=put(ana, jpeg(seed=2)))
    embed_items(parts)
    with parts.sessions() as session:
        name = session.scalars(select(Item.external_id)).one()
        path = session.scalars(select(Upload.path)).one()
    assert path
    world = World(parts)
    world.like("u", name)
    assert name in ana.get("/watch?viewer=v").text
    assert ana.send(f"{added.location}/delete", {}).status_code == 303
    with parts.sessions() as session:
        for table in (Item, ItemImage, ItemVector, Interaction, Upload, Erasure):
            assert session.scalar(select(func.count()).select_from(table)) == 0, table
        actions = session.scalars(select(AuditEntry.action)).all()
    assert parts.images.get(path) is None
    assert actions[-3:] == ["upload.begun", "item.added", "item.deleted"]
    assert ana.get(added.location).status_code == 404
    assert ana.send(f"{added.location}/delete", {}).status_code == 404
    assert name not in ana.get("/watch?viewer=v").text
