"""What every template can use: the rooms' templates, filters, and words for what is stored."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_babel import format_decimal, get_locale
from jinja2 import FileSystemLoader, PrefixLoader

from rules.shown import shown
from service.console.frame import texts
from service.console.frame.access import Permission, may
from service.console.frame.assets import static_url
from service.console.frame.language import LANGUAGES
from service.console.people.words import ROLE_MEANINGS, ROLE_NAMES
from service.console.posts.tabs import TABS
from service.console.posts.words import DECISIONS, IMAGE_ERRORS, RESOLVED_BY, VERDICTS, VIDEO_ERRORS
from service.console.review import keys
from service.console.review.seen import seen_words
from service.parts import Parts
from service.reviews.remark import LONGEST_NOTE, REASONS

CONSOLE = Path(__file__).parent


def _loader() -> PrefixLoader:
    """Finds ``room/name.html`` in the folder of templates that the room has."""
    folders = sorted(CONSOLE.glob("*/templates"))
    return PrefixLoader({folder.parent.name: FileSystemLoader(folder) for folder in folders})


def _seen_today(parts: Parts) -> str:
    with parts.sessions() as session:
        return seen_words(session)


def install(app: Flask, parts: Parts) -> None:
    """Give the templates of the console their words."""
    app.jinja_loader = _loader()
    app.jinja_env.filters.update(
        localised=texts.localised,
        numberformat=format_decimal,
        percent=texts.percent,
        shown=shown,
        so_far=texts.so_far,
        when=texts.when,
        word=texts.word,
        written=texts.written,
    )
    app.jinja_env.globals.update(
        DECISIONS=DECISIONS,
        IMAGE_ERRORS=IMAGE_ERRORS,
        VIDEO_ERRORS=VIDEO_ERRORS,
        LANGUAGES=LANGUAGES,
        LONGEST_NOTE=LONGEST_NOTE,
        REASONS=REASONS,
        RESOLVED_BY=RESOLVED_BY,
        ROLE_MEANINGS=ROLE_MEANINGS,
        ROLE_NAMES=ROLE_NAMES,
        TABS=TABS,
        VERDICTS=VERDICTS,
        get_locale=get_locale,
        key_groups=keys.groups,
        key_of=keys.key_of,
        keys=keys.keys,
        may_make_keys=lambda: may(Permission.API_KEYS),
        may_change_bundles=lambda: may(Permission.BUNDLES),
        may_audit=lambda: may(Permission.AUDIT),
        may_resend=lambda: may(Permission.CALLBACKS),
        may_measure=lambda: may(Permission.QUALITY),
        may_manage_people=lambda: may(Permission.PEOPLE),
        may_settle=lambda: may(Permission.SETTLE),
        may_produce=lambda: may(Permission.PRODUCE),
        may_watch=lambda: may(Permission.WATCH),
        seen_today=lambda: _seen_today(parts),
        static_url=static_url,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
