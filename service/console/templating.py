"""What every template can use: texts in the page's language, figures, words for what is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import format_datetime, format_decimal, format_percent, get_locale
from flask_babel import lazy_gettext as _

from service.cases.holders import COUNTED
from service.console import actions
from service.console.access import Permission, may
from service.console.accountwords import ROLE_MEANINGS, ROLE_NAMES
from service.console.assets import static_url
from service.console.language import LANGUAGES
from service.console.seen import seen_words
from service.console.tabs import TABS
from service.parts import Parts

VERDICTS = {
    "relevant": _("relevant"),
    "irrelevant": _("irrelevant"),
    "uncertain": _("uncertain"),
    "unverifiable": _("unverifiable"),
}
DECISIONS = {"pass": _("passed"), "flag": _("flagged"), "review": _("doubtful")}
RESOLVED_BY = {
    "lexicon": _("found in the lexicon"),
    "affix": _("understood by its beginning or ending"),
    "pattern": _("a date, a number or single letters"),
    "segmentation": _("understood word by word"),
    "variant": _("another spelling of a known hashtag"),
    "neighbours": _("guessed from words that are used alike"),
    "none": _("not understood"),
}
IMAGE_ERRORS = {
    "too_large": _("the file is too large"),
    "too_many_pixels": _("it has too many pixels"),
    "not_an_image": _("it is not an image"),
    "truncated": _("the file ends too early"),
    "unsupported": _("its format is not supported"),
    "bad_url": _("its address is not one to fetch from"),
    "forbidden_address": _("its address is not on the public internet"),
    "http_status": _("its server refused it"),
    "timed_out": _("its server took too long"),
    "too_many_redirects": _("its server redirects too often"),
    "unreachable": _("its server did not answer"),
    "not_screened": _("screening failed several times"),
}


def localised(texts: Mapping[str, str] | None) -> str:
    """A stored text in the language of the page; in English where it has no other."""
    texts = texts or {}
    return texts.get(str(get_locale()), texts.get("en", ""))


def word(code: str, words: Mapping[str, Any]) -> str:
    """The word for a stored code; the code itself where a newer part wrote one we do not know."""
    return str(words.get(code, code))


def percent(share: float) -> str:
    """A share of one as a whole percentage, never rounded to certainty."""
    shown = share if share in (0, 1) else min(max(share, 0.01), 0.99)
    return str(format_percent(shown, "#,##0%"))


def written(details: Mapping[str, Any]) -> str:
    """An entry's details on one line."""
    return json.dumps(details, ensure_ascii=False)


def when(moment: datetime) -> str:
    """A moment as the clocks show it where the reader is."""
    # Korean says 오전 and 오후, which Unicode's medium format leaves in English.
    pattern = "y. M. d. aaaa h:mm:ss" if str(get_locale()) == "ko" else "medium"
    return str(format_datetime(moment, pattern))


def _seen_today(parts: Parts) -> str:
    with parts.sessions() as session:
        return seen_words(session)


def so_far(many: int) -> str:
    """A number that was counted so far and no further."""
    return f"{format_decimal(many)}{'+' if many >= COUNTED else ''}"


def install(app: Flask, parts: Parts) -> None:
    """Give the templates of the console their words."""
    app.jinja_env.filters.update(
        localised=localised,
        numberformat=format_decimal,
        percent=percent,
        so_far=so_far,
        when=when,
        word=word,
        written=written,
    )
    app.jinja_env.globals.update(
        DECISIONS=DECISIONS,
        IMAGE_ERRORS=IMAGE_ERRORS,
        LANGUAGES=LANGUAGES,
        RESOLVED_BY=RESOLVED_BY,
        ROLE_MEANINGS=ROLE_MEANINGS,
        ROLE_NAMES=ROLE_NAMES,
        TABS=TABS,
        VERDICTS=VERDICTS,
        get_locale=get_locale,
        key_groups=actions.groups,
        key_of=actions.key_of,
        keys=actions.keys,
        may_audit=lambda: may(Permission.AUDIT),
        may_measure=lambda: may(Permission.QUALITY),
        may_manage_people=lambda: may(Permission.PEOPLE),
        may_settle=lambda: may(Permission.SETTLE),
        seen_today=lambda: _seen_today(parts),
        static_url=static_url,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
