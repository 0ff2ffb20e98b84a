"""`/v1/items`: add, read and delete items that can be recommended."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from service.api.items_schemas import ItemAccepted, ItemIn, ItemOut
from service.api.json_body import invalid, read_json
from service.audit import record
from service.credentials import caller
from service.erasure import erase
from service.items.delete import delete_item
from service.items.put import NewItem, Put, put_item
from service.items.show import show_item
from service.parts import Parts
from service.posts.accept import NewImage
from service.problems import FieldError, Problem, unavailable
from service.queue import EMBED, hint
from service.uploads.errors import UploadError
from service.uploads.settle import settle
from service.waits import OutageError


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""

    @blueprint.post("/items")
    def send_item() -> tuple[Response, HTTPStatus]:
        sent = read_json(request, ItemIn, "invalid-item")
        put = _put(parts, sent)
        if put.state == "pending":
            hint(parts.queue, EMBED, put.row)
        answer = ItemAccepted.model_validate({"id": sent.id, "state": put.state})
        return jsonify(answer.model_dump()), HTTPStatus.ACCEPTED

    @blueprint.get("/items/<path:item_id>")
    def read_one(item_id: str) -> Response:
        with parts.sessions() as session:
            shown = show_item(session, item_id)
        if shown is None:
            raise Problem(HTTPStatus.NOT_FOUND, "unknown-item", f"No item has the id {item_id!r}.")
        return jsonify(ItemOut.model_validate(shown).model_dump(mode="json"))

    @blueprint.delete("/items/<path:item_id>")
    def remove_item(item_id: str) -> tuple[str, HTTPStatus]:
        with parts.sessions.begin() as session:
            gone = delete_item(session, item_id)
            if gone is not None:
                told = {
                    "pictures": gone.pictures,
                    "vectors": gone.vectors,
                    "interactions": gone.interactions,
                }
                record(session, caller(), "item.deleted", f"item:{item_id}", told)
        if gone is not None:  # what fails is tried by the sweep
            erase(parts.sessions, parts.images, gone.owed)
        return "", HTTPStatus.NO_CONTENT


def _put(parts: Parts, sent: ItemIn) -> Put:
    """The item as one committed row, with the uploads that it names."""
    images = [NewImage(one.url, one.base64, one.upload) for one in sent.images]
    named = {image.upload: index for index, image in enumerate(images) if image.upload}
    words = (sent.title, sent.text, sent.tags, sent.link, sent.year, sent.language)
    new = NewItem(sent.id, *words)
    try:
        wrong = settle(parts, named.keys())
        with parts.sessions.begin() as session:
            return put_item(session, new, images)
    except OutageError:
        raise unavailable() from None
    except UploadError as error:
        told = wrong.get(error.key, error)
        pointer = f"/images/{named[error.key]}/upload"
        raise invalid("invalid-item", [FieldError(pointer, told.rule, str(told))]) from None
