"""Try it: photographs and hashtags in, verdicts out, nothing kept."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from pictures import ImageError
from service.config import Config
from service.console.frame.access import Permission, needs
from service.console.frame.headers import POLICY_WITH_PHOTOGRAPHS_INSIDE
from service.console.frame.words import Words
from service.console.hashtags.words import problem_of
from service.console.posts.places import draw_places
from service.console.posts.views import PhotographView, bars_of_sight, cards_of_judgement
from service.lexicon.changes import LONGEST, LongHashtagError
from service.menus.consult import Photograph, Reading
from service.parts import Parts
from service.screening.pictures import Picture, look_pixels, open_picture

MOST_PHOTOGRAPHS = 10
MOST_HASHTAGS = 30
FORM_BYTES = 2**16  # of a request, besides its photographs
MOST_SECONDS = 30.0  # for all photographs together


@dataclass(frozen=True)
class Opened:
    """One photograph as it was sent: the image, or the code of what is wrong with it."""

    picture: Picture | None
    error: str | None


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The form, and its answer: a whole page, or only the part that a script asked for."""

    def page(template: str, **values: object) -> str:
        megabytes = parts.config.image_bytes // 2**20
        return render_template(
            template,
            most_photographs=MOST_PHOTOGRAPHS,
            most_megabytes=megabytes,
            most_together=(parts.config.request_bytes - FORM_BYTES) // 2**20,
            **values,
        )

    @blueprint.get("/try")
    @needs(Permission.TRY)
    def try_it() -> Response:
        return _with_policy(page("tryit/try_it.html"), 200)

    @blueprint.post("/try")
    @needs(Permission.TRY)
    def judge_try() -> Response:
        part_only = request.headers.get("X-Requested-With") == "fetch"
        template = "tryit/result.html" if part_only else "tryit/try_it.html"
        hashtags, files = request.form.get("hashtags", ""), _files()
        tags = read_hashtags(hashtags)
        if problem := _problem(tags, files):
            return _with_policy(page(template, problem=problem, hashtags=hashtags), 422)
        end = time.monotonic() + MOST_SECONDS
        current = parts.screener.current()
        looked_at = look_pixels(current.bundle)
        opened = [_open(file, parts.config, looked_at, end) for file in files]
        looks = current.see([one.picture.image for one in opened if one.picture is not None])
        judgement = current.judge(tags, looks)
        reading = Reading(parts.config, current, end - time.monotonic())
        read = [Photograph(p.image, p.derivative) for p in (one.picture for one in opened) if p]
        judgement = reading.consult(judgement, read)
        words = Words(current)
        sights = iter([bars_of_sight(look.sight, words) for look in looks])
        photographs = [
            PhotographView(
                number,
                _inside(one.picture) if one.picture else None,
                one.picture.width if one.picture else None,
                one.picture.height if one.picture else None,
                next(sights) if one.picture else [],
                one.error,
            )
            for number, one in enumerate(opened, 1)
        ]
        html = page(
            template,
            hashtags=hashtags,
            judgement=judgement,
            photographs=photographs,
            cards=cards_of_judgement(judgement, words, _looked_at(opened)),
        )
        return _with_policy(html, 200)

    @blueprint.post("/try/places/<label>")
    @needs(Permission.TRY)
    def try_places(label: str) -> Response:
        file = request.files.get("photograph")
        current = parts.screener.current()
        if file is None or label not in {known.name for known in current.bundle.labels}:
            abort(404)
        end = time.monotonic() + MOST_SECONDS
        picture = _open(file, parts.config, look_pixels(current.bundle), end).picture
        if picture is None:
            abort(422)
        drawing = make_response(draw_places(current.classifier, picture.image, label))
        drawing.mimetype = "image/png"
        return drawing


def read_hashtags(text: str) -> list[str]:
    """The hashtags that somebody typed, apart by spaces, commas or ``#``, each once."""
    return list(dict.fromkeys(re.findall(r"[^\s,#＃]+", text)))


def _files() -> list[FileStorage]:
    return [file for file in request.files.getlist("photographs") if file.filename]


def _problem(tags: Sequence[str], files: Sequence[FileStorage]) -> str | None:
    if not files:
        return str(_("Choose at least one photograph."))
    if len(files) > MOST_PHOTOGRAPHS:
        return str(_("Choose at most %(count)s photographs.", count=MOST_PHOTOGRAPHS))
    if not tags:
        return str(_("Type at least one hashtag."))
    if len(tags) > MOST_HASHTAGS:
        return str(_("Type at most %(count)s hashtags.", count=MOST_HASHTAGS))
    for tag in tags:
        if len(tag) > LONGEST:
            return problem_of(LongHashtagError(tag))
    return None


def _open(file: FileStorage, config: Config, looked_at: int, end: float) -> Opened:
    left = max(end - time.monotonic(), 0.001)
    try:
        data = file.stream.read(config.image_bytes + 1)
        return Opened(open_picture(data, config, looked_at, left), None)
    except ImageError as error:
        return Opened(None, error.code)


def _looked_at(opened: Sequence[Opened]) -> Sequence[int]:
    """The numbers of the photographs that could be opened, where there are several at all."""
    if len(opened) < 2:
        return ()
    return [number for number, one in enumerate(opened, 1) if one.picture is not None]


def _inside(picture: Picture) -> str:
    """The photograph, smaller and without its metadata, as a ``data:`` address."""
    return f"data:image/jpeg;base64,{base64.b64encode(picture.derivative).decode()}"


def _with_policy(html: str, status: int) -> Response:
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = POLICY_WITH_PHOTOGRAPHS_INSIDE
    return response
