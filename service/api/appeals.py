"""`/v1/posts/…/appeals` and `/v1/appeals/…`: what an author objects to, and how it stands."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request, url_for

from service.api.appeals_schemas import AppealIn, AppealOut, AppealReceived
from service.api.json_body import invalid, read_json
from service.appeals.outcome import find_appeal, represent_appeal
from service.appeals.receive import AppealError, HashtagError, Refusal, SentAppeal, receive
from service.credentials import caller
from service.parts import Parts
from service.problems import FieldError, Problem

REFUSED = {
    Refusal.UNKNOWN: (HTTPStatus.NOT_FOUND, "unknown-post", "No post has this id (and revision)."),
    Refusal.PENDING: (
        HTTPStatus.CONFLICT,
        "post-pending",
        "Nothing is decided on the post yet: send the appeal after its callback.",
    ),
    Refusal.SUPERSEDED: (
        HTTPStatus.CONFLICT,
        "post-superseded",
        "A newer revision took the place of this one: appeal against that, or not at all.",
    ),
    Refusal.DELETED: (
        HTTPStatus.GONE,
        "post-deleted",
        "The post was deleted, and its decision with it.",
    ),
    Refusal.ALREADY: (
        HTTPStatus.CONFLICT,
        "already-appealed",
        "This revision was appealed against under another id; it can be once.",
    ),
    Refusal.NO_HARM: (
        HTTPStatus.CONFLICT,
        "nothing-to-appeal",
        "None of these hashtags was called irrelevant or is in doubt, so nothing was decided "
        "against the author.",
    ),
    Refusal.ANOTHER_POST: (
        HTTPStatus.CONFLICT,
        "appeal-id-taken",
        "An appeal against another post has this id: give each its own.",
    ),
}


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""

    @blueprint.post("/posts/<path:post_id>/appeals")
    def send_appeal(post_id: str) -> tuple[Response, HTTPStatus, dict[str, str]]:
        sent = read_json(request, AppealIn, "invalid-appeal")
        with parts.sessions.begin() as session:
            try:
                appeal = receive(session, post_id, _sent(sent), caller())
            except AppealError as error:
                raise Problem(*REFUSED[error.why]) from None
            except HashtagError as error:
                raise _unknown_hashtag(error) from None
            shown = represent_appeal(session, appeal)
        url = parts.config.base_url + url_for("api.show_appeal", appeal_id=sent.id)
        answer = AppealReceived.model_validate(shown | {"status_url": url})
        return jsonify(answer.model_dump(mode="json")), HTTPStatus.ACCEPTED, {"Location": url}

    @blueprint.get("/appeals/<path:appeal_id>")
    def show_appeal(appeal_id: str) -> Response:
        with parts.sessions() as session:
            appeal = find_appeal(session, appeal_id)
            if appeal is None:
                raise Problem(
                    HTTPStatus.NOT_FOUND, "unknown-appeal", f"No appeal has the id {appeal_id!r}."
                )
            shown = represent_appeal(session, appeal)
        return jsonify(AppealOut.model_validate(shown).model_dump(mode="json"))


def _sent(appeal: AppealIn) -> SentAppeal:
    return SentAppeal(appeal.id, appeal.text, tuple(appeal.hashtags), appeal.revision)


def _unknown_hashtag(error: HashtagError) -> Problem:
    detail = f"the post has no hashtag {error.tag!r}"
    return invalid(
        "invalid-appeal", [FieldError(f"/hashtags/{error.position}", "unknown_hashtag", detail)]
    )
