"""`/v1/thumbnails`: ask for the best frames of a video, read them, delete them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, make_response, request, url_for

from service.api.json_body import invalid, read_json
from service.api.thumbnails_schemas import (
    STYLES,
    CategoryStyle,
    ChannelStyle,
    PictureSource,
    ThumbnailsAccepted,
    ThumbnailsIn,
    ThumbnailsOut,
)
from service.audit import record
from service.credentials import caller
from service.erasure import erase
from service.parts import Parts
from service.problems import FieldError, Problem, unavailable
from service.queue import THUMBNAILS, hint
from service.thumbnails.ask import Bounds, FullError, NewPicture, Request, ask
from service.thumbnails.check import check
from service.thumbnails.forget import forget_request
from service.thumbnails.represent import represent
from service.thumbnails.show import result_of, stored_at, unread
from service.uploads import opened
from service.waits import OutageError

FULL_SECONDS = 60  # after which a request may be over


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""
    config = parts.config
    bounds = Bounds(
        config.thumbnails_waiting,
        config.thumbnails_kept,
        timedelta(hours=config.keep_thumbnail_hours),
    )

    @blueprint.post("/thumbnails")
    def ask_for_thumbnails() -> tuple[Response, HTTPStatus]:
        sent = _request(_read())
        try:
            wrong = check(parts, sent)
        except OutageError:
            raise unavailable() from None
        if wrong:
            told = [FieldError(one.pointer, one.rule, one.detail) for one in wrong]
            raise invalid("invalid-thumbnails", told)
        try:
            with parts.sessions.begin() as session:
                asked = ask(session, caller(), sent, bounds)
        except FullError:
            raise _full() from None
        hint(parts.queue, THUMBNAILS, asked.id)
        status_url = config.base_url + url_for("api.show_thumbnails", key=asked.key)
        answer = ThumbnailsAccepted(id=asked.key, status_url=status_url)
        return jsonify(answer.model_dump()), HTTPStatus.ACCEPTED

    _add_the_rest(blueprint, parts)


def _add_the_rest(blueprint: Blueprint, parts: Parts) -> None:
    """What is done with a request that was taken in."""

    @blueprint.get("/thumbnails/<key>")
    def show_thumbnails(key: str) -> Response:
        with parts.sessions() as session:
            found = result_of(session, key)
            if found is None:
                raise _unknown()
            missing = unread(session, found.job.id)
        shown = represent(found, missing, parts.config.base_url)
        return jsonify(ThumbnailsOut.model_validate(shown).model_dump(mode="json"))

    @blueprint.delete("/thumbnails/<key>")
    def forget_thumbnails(key: str) -> tuple[str, HTTPStatus]:
        with parts.sessions.begin() as session:
            gone = forget_request(session, key)
            if gone is not None:
                told = {"thumbnails": gone.thumbnails}
                record(session, caller(), "thumbnails.deleted", f"thumbnails:{key}", told)
        if gone is not None:  # what fails is tried by the sweep
            erase(parts.sessions, parts.images, gone.owed)
        return "", HTTPStatus.NO_CONTENT

    @blueprint.get("/thumbnails/<key>/frames/<int(most=999):rank>.jpg")
    def thumbnail_file(key: str, rank: int) -> Response:
        response = make_response(_jpeg(parts, key, rank))
        response.mimetype = "image/jpeg"
        return response


def _read() -> ThumbnailsIn:
    try:
        return read_json(request, ThumbnailsIn, "invalid-thumbnails")
    except Problem as problem:
        problem.errors = [replace(one, pointer=_plain(one.pointer)) for one in problem.errors]
        raise


def _plain(pointer: str) -> str:
    """A pointer without the name of the style, which stands in no request."""
    for style in STYLES:
        if pointer.startswith(f"/references/{style}"):
            return f"/references{pointer.removeprefix(f'/references/{style}')}"
    return pointer


def _request(sent: ThumbnailsIn) -> Request:
    style = sent.references
    return Request(
        wanted=sent.k,
        video_url=sent.video.url if sent.video else None,
        video_upload=sent.video.upload if sent.video else None,
        candidates=[_picture(one) for one in sent.images or ()],
        references=[_picture(one) for one in style] if isinstance(style, list) else (),
        channel=style.channel if isinstance(style, ChannelStyle) else None,
        category=style.category if isinstance(style, CategoryStyle) else None,
        callback=True,
        extras=sent.extras,
    )


def _picture(one: PictureSource) -> NewPicture:
    return NewPicture(one.url, one.base64, one.upload)


def _jpeg(parts: Parts, key: str, rank: int) -> bytes:
    with parts.sessions() as session:
        frame = stored_at(session, key, rank)
    try:
        data = opened.read(parts.images, frame.stored) if frame and frame.stored else None
    except OutageError:
        raise unavailable() from None
    if data is None:
        raise _unknown()
    return data


def _unknown() -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND,
        "unknown-thumbnails",
        "There is no such request for thumbnails, or its time is over.",
    )


def _full() -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-thumbnails",
        "So many requests for thumbnails wait, or are kept, that no further one is taken.",
        headers={"Retry-After": str(FULL_SECONDS)},
    )
