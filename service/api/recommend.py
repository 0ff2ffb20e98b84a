"""`/v1/interactions`, `/v1/recommend` and `/v1/users`: interactions and recommendations."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from service.api import queries
from service.api.items_schemas import (
    A_LIST,
    MOST_A_LIST,
    InteractionIn,
    InteractionsAccepted,
    RecommendedOut,
    UserReceipt,
)
from service.api.json_body import read_interactions
from service.credentials import caller
from service.parts import Parts
from service.problems import Problem
from service.recommend.asking import asked
from service.recommend.events import Event
from service.recommend.forget import forget_viewer
from service.recommend.receipt import receipt_of, record_receipt
from service.recommend.recommend import MODEL, recommend
from service.recommend.record import record_events

LONGEST_NAME = 200
LANGUAGES = ("ko", "en")


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""

    @blueprint.post("/interactions")
    def send_interactions() -> tuple[Response, HTTPStatus]:
        events = [_event(one) for one in read_interactions(request)]
        with parts.sessions.begin() as session:
            recorded = record_events(session, events)
        answer = InteractionsAccepted.model_validate(vars(recorded))
        return jsonify(answer.model_dump()), HTTPStatus.ACCEPTED

    @blueprint.get("/recommend")
    def show_recommended() -> Response:
        viewer = queries.words("userid", LONGEST_NAME)
        if viewer is None:
            raise queries.bad_query("userid", "missing", "must name a person.")
        k = queries.number("k", A_LIST, 1, MOST_A_LIST) or A_LIST
        language = queries.choice("language", LANGUAGES)
        question = asked(parts, viewer, k, language)
        with parts.sessions() as session:
            items = [vars(one) for one in recommend(session, question)]
        model = f"{MODEL} {question.made_by}"
        answer = RecommendedOut.model_validate({"items": items, "model": model})
        return jsonify(answer.model_dump(mode="json"))

    @blueprint.delete("/users/<path:user_id>")
    def remove_user(user_id: str) -> tuple[str, HTTPStatus]:
        with parts.sessions.begin() as session:
            gone = forget_viewer(session, user_id)
            if gone is not None:
                record_receipt(session, caller(), user_id, gone)
        return "", HTTPStatus.NO_CONTENT

    @blueprint.get("/users/<path:user_id>")
    def show_receipt(user_id: str) -> Response:
        with parts.sessions() as session:
            receipt = receipt_of(session, user_id)
        if receipt is None:
            told = f"Nobody of the id {user_id!r} was deleted."
            raise Problem(HTTPStatus.NOT_FOUND, "no-receipt", told)
        shown = {
            "id": user_id,
            "deleted_at": receipt.deleted_at,
            "erased": vars(receipt.erased),
        }
        return jsonify(UserReceipt.model_validate(shown).model_dump(mode="json"))


def _event(sent: InteractionIn) -> Event:
    named = sent.item or sent.post
    kind = "item" if sent.item else "post"
    name = named.id if named else ""
    return Event(sent.id, sent.user.id, kind, name, sent.kind, sent.value, sent.at)
