"""Try it: photographs and hashtags in, verdicts out, nothing kept."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from PIL import Image
from werkzeug.datastructures import FileStorage

from classifiers import ImageError, ImageLimits, open_image
from service.console.frame.access import Permission, needs
from service.console.frame.headers import POLICY_WITH_PHOTOGRAPHS_INSIDE
from service.console.frame.words import Words
from service.console.posts.places import draw_places
from service.console.posts.views import Photograph, bars_of_sight, cards_of_judgement
from service.parts import Parts

MOST_PHOTOGRAPHS = 10
MOST_HASHTAGS = 30
SHOWN_PIXELS = 900


@dataclass(frozen=True)
class Opened:
    """One photograph as it was sent: the image, or the code of what is wrong with it."""

    image: Image.Image | None
    error: str | None


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The form, and its answer: a whole page, or only the part that a script asked for."""
    limits = ImageLimits(parts.config.image_bytes, parts.config.image_pixels)

    def page(template: str, **values: object) -> str:
        megabytes = parts.config.image_bytes // 2**20
        return render_template(
            template, most_photographs=MOST_PHOTOGRAPHS, most_megabytes=megabytes, **values
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
        opened = [_open(file, limits) for file in files]
        current = parts.screener.current()
        looks = current.see([one.image for one in opened if one.image is not None])
        judgement = current.judge(tags, looks)
        words = Words(current)
        sights = iter([bars_of_sight(look.sight, words) for look in looks])
        photographs = [
            Photograph(
                number,
                _inside(one.image) if one.image else None,
                one.image.width if one.image else None,
                one.image.height if one.image else None,
                next(sights) if one.image else [],
                one.error,
            )
            for number, one in enumerate(opened, 1)
        ]
        html = page(
            template,
            hashtags=hashtags,
            judgement=judgement,
            photographs=photographs,
            cards=cards_of_judgement(judgement, words),
        )
        return _with_policy(html, 200)

    @blueprint.post("/try/places/<label>")
    @needs(Permission.TRY)
    def try_places(label: str) -> Response:
        file = request.files.get("photograph")
        current = parts.screener.current()
        if file is None or label not in {known.name for known in current.bundle.labels}:
            abort(404)
        image = _open(file, limits).image
        if image is None:
            abort(422)
        drawing = make_response(draw_places(current.classifier, image, label))
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
    return None


def _open(file: FileStorage, limits: ImageLimits) -> Opened:
    try:
        return Opened(open_image(file.stream.read(limits.max_bytes + 1), limits), None)
    except ImageError as error:
        return Opened(None, error.code)


def _inside(image: Image.Image) -> str:
    """The photograph, smaller and without its metadata, as a ``data:`` address."""
    shown = image.copy()
    shown.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
    jpeg = io.BytesIO()
    shown.save(jpeg, "JPEG", quality=82)
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}"


def _with_policy(html: str, status: int) -> Response:
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = POLICY_WITH_PHOTOGRAPHS_INSIDE
    return response
