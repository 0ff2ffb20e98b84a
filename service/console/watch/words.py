"""Stored codes of what people do with items, in words."""

from flask_babel import lazy_gettext as _

SAID = {"like": _("liked"), "save": _("saved")}
