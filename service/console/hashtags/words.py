"""The orders in which hashtags that nobody understood are listed, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

ORDERS = {"frequent": _("the most frequent first"), "newest": _("the last post first")}
