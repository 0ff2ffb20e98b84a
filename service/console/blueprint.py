"""The console put together from the pages of its rooms."""

from __future__ import annotations

from flask import Blueprint, Flask

from service.console import (
    apidocs,
    apikeys,
    audit,
    authors,
    callbacks,
    campaigns,
    copies,
    find,
    frame,
    hashtags,
    itembundles,
    likeness,
    overview,
    people,
    posts,
    produce,
    prototypes,
    quality,
    review,
    rules,
    settings,
    templating,
    thumbnails,
    tryit,
    votes,
    watch,
)
from service.console.frame import access, headers, identity, language, refused, tags
from service.incoming import refuse_forms
from service.parts import Parts

ROOMS = (
    frame,
    people,
    posts,
    find,
    review,
    tryit,
    thumbnails,
    likeness,
    campaigns,
    copies,
    authors,
    hashtags,
    votes,
    prototypes,
    overview,
    quality,
    rules,
    settings,
    callbacks,
    apikeys,
    apidocs,
    audit,
    watch,
    produce,
    itembundles,
)


def make_blueprint(parts: Parts) -> Blueprint:
    """Every page of the console. A page that names no permission is denied to everybody."""
    blueprint = Blueprint("console", __name__)
    blueprint.before_request(access.guard)
    blueprint.before_request(refuse_forms)
    refused.watch(blueprint, parts)
    for room in ROOMS:
        for page in room.PAGES:
            page.add_routes(blueprint, parts)
    return blueprint


def install(app: Flask, parts: Parts) -> None:
    """What the console needs of the application: sessions, forms' tokens, languages, headers."""
    identity.install(app, parts)
    access.install(app)
    tags.install(app)
    language.install(app)
    headers.install(app)
    templating.install(app, parts)
