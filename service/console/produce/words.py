"""What is wrong with an upload or a picture, and languages, in words."""

from flask_babel import lazy_gettext as _

from service.uploads.errors import Rule

RULES = {
    Rule.UNKNOWN: _("The picture is not there any more. Choose it again."),
    Rule.WAITING: _("The picture did not arrive. Choose it again."),
    Rule.EXPIRED: _("The picture waited too long. Choose it again."),
    Rule.CLAIMED: _("The picture belongs to something else already. Choose it again."),
    Rule.WRONG_TYPE: _("This file is no picture that is taken."),
    Rule.WRONG_LENGTH: _("The picture did not arrive whole. Choose it again."),
}
LANGUAGES_OF_ITEMS = {"ko": _("Korean"), "en": _("English")}
# What the form offers; "letters" is what it sends where nothing was chosen.
CHOICES_OF_LANGUAGE = {
    "letters": _("By its letters"),
    **LANGUAGES_OF_ITEMS,
    "": _("None: for everybody"),
}
