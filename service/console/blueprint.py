"""The console put together from its pages."""

from __future__ import annotations

from flask import Blueprint, Flask

from service.console import (
    access,
    assets,
    auditpage,
    besidepage,
    casepage,
    hashtagpage,
    hashtagspage,
    headers,
    identity,
    language,
    lexiconpage,
    overviewpage,
    ownpassword,
    peoplepage,
    personchange,
    personpage,
    photographs,
    postpage,
    postspage,
    qualitypage,
    queueroutes,
    refused,
    rulesetchange,
    rulesetpage,
    rulespage,
    settingspage,
    signin,
    templating,
    togetherpage,
    tryit,
    undoroutes,
)
from service.parts import Parts

PAGES = (
    assets,
    signin,
    language,
    postspage,
    postpage,
    queueroutes,
    casepage,
    undoroutes,
    besidepage,
    togetherpage,
    photographs,
    tryit,
    hashtagspage,
    hashtagpage,
    lexiconpage,
    overviewpage,
    qualitypage,
    rulespage,
    rulesetpage,
    rulesetchange,
    settingspage,
    ownpassword,
    peoplepage,
    personpage,
    personchange,
    auditpage,
)


def make_blueprint(parts: Parts) -> Blueprint:
    """Every page of the console. A page that names no permission is denied to everybody."""
    blueprint = Blueprint(
        "console",
        __name__,
        template_folder="templates",
    )
    blueprint.before_request(access.guard)
    refused.watch(blueprint, parts)
    for page in PAGES:
        page.add_routes(blueprint, parts)
    return blueprint


def install(app: Flask, parts: Parts) -> None:
    """What the console needs of the application: sessions, forms' tokens, languages, headers."""
    identity.install(app, parts)
    access.install(app)
    language.install(app)
    headers.install(app)
    templating.install(app, parts)
