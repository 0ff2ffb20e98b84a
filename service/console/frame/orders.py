"""The orders of a list by time, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

TIMES = {"newest": _("newest first"), "oldest": _("oldest first")}
