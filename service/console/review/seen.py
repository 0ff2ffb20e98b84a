"""How many posts a person answered today, in words."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.preferences import seen_today


def seen_words(session: Session) -> str:
    """What whoever is signed in answered since midnight where they are."""
    count = seen_today(session, current_user.id, current_user.preferences)
    return str(_("%(count)s seen today", count=format_decimal(count)))
