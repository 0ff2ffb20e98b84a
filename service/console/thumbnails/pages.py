"""The form that asks for thumbnails, and the page of what was chosen."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.audit import record
from service.console.frame.access import Permission, needs
from service.console.frame.identity import made_by
from service.console.frame.texts import localised
from service.console.thumbnails.forms import (
    FormError,
    asked_for,
    bounds_of,
)
from service.console.thumbnails.words import (
    ERRORS,
    EXTRAS,
    SHAPES,
    STATES,
    STYLES,
    TARGETS,
    moment,
    why_failed,
)
from service.parts import Parts
from service.queue import THUMBNAILS, hint
from service.thumbnails.ask import MOST, USUAL, FullError, ask
from service.thumbnails.extras import offered
from service.thumbnails.make import MOST_PICTURES
from service.thumbnails.show import latest, result_of, unread
from service.uploads import begin
from service.waits import OutageError


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The form, its answer, and the page of one request."""

    def form(problem: str = "", status: int = 200) -> ResponseReturnValue:
        current = parts.screener.current()
        extras = offered(parts.config, current.bundle.embedding_id)
        with parts.sessions() as session:
            recent = latest(session, made_by())
        categories = {
            name: localised(one.titles) for name, one in current.ruleset.categories.items()
        }
        html = render_template(
            "thumbnails/thumbnails.html",
            problem=problem,
            sent=request.form,
            recent=recent,
            categories=categories,
            extras={name: text for name, text in EXTRAS.items() if name in extras},
            most=MOST,
            usual=USUAL,
            most_pictures=MOST_PICTURES,
            most_megabytes=parts.config.upload_bytes // 2**20,
            most_form_megabytes=parts.config.request_bytes // 2**20,
            STATES=STATES,
            STYLES=STYLES,
        )
        return html, status

    @blueprint.get("/thumbnails")
    @needs(Permission.PRODUCE)
    def thumbnails() -> ResponseReturnValue:
        return form()

    @blueprint.post("/thumbnails")
    @needs(Permission.PRODUCE)
    def ask_for_thumbnails() -> ResponseReturnValue:
        try:
            made = asked_for(parts)
            with parts.sessions.begin() as session:
                asked = ask(session, made_by(), made, bounds_of(parts.config))
                told = {"channel": made.channel, "category": made.category, "k": made.wanted}
                record(session, current_user.name, "thumbnails.asked", asked.key, told)
        except FormError as error:
            return form(str(error), 422)
        except (FullError, begin.FullError):
            return form(_("You have as many requests as are kept. Wait until some expire."), 429)
        except OutageError:
            return form(
                _("A part of the service is unavailable. Nothing was stored; try again."), 503
            )
        hint(parts.queue, THUMBNAILS, asked.id)
        return redirect(url_for("console.request_for_thumbnails", key=asked.key), 303)

    @blueprint.get("/thumbnails/<key>")
    @needs(Permission.PRODUCE)
    def request_for_thumbnails(key: str) -> str:
        with parts.sessions() as session:
            found = result_of(session, key)
            if found is None:
                abort(404)
            missing = unread(session, found.job.id)
        return render_template(
            "thumbnails/request.html",
            job=found.job,
            candidates=found.candidates,
            chosen=found.chosen,
            missing=missing,
            moment=moment,
            why_failed=why_failed,
            ERRORS=ERRORS,
            SHAPES=SHAPES,
            STATES=STATES,
            TARGETS=TARGETS,
        )
