"""Words for roles, and for what cannot be done with an account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from service.accounts import AccountError
from service.accounts.passwords import LONGEST, SHORTEST

ROLE_NAMES = {
    "moderator": _("moderator"),
    "analyst": _("analyst"),
    "admin": _("admin"),
}
ROLE_MEANINGS = {
    "moderator": _("settles posts and says what hashtags mean"),
    "analyst": _("reads everything, changes rules and looks at quality"),
    "admin": _("everything, and people and the audit log"),
}
ORDER_NAMES = {
    "name": _("by name"),
    "role": _("by role"),
    "last": _("the last sign-in first"),
}
PROBLEMS = {
    "bad_name": _("A name has 1 to 64 letters, digits or any of . @ + - _"),
    "name_taken": _("Somebody has this name already."),
    "unknown_role": _("There is no such role."),
    "same_role": _("That is the role already."),
    "unknown_name": _("There is no such account any more."),
    "last_admin": _("This is the last admin. Make somebody else an admin first."),
    "wrong_password": _("Your current password is wrong."),
    "too_short": _("The new password needs at least %(count)s characters.", count=SHORTEST),
    "too_long": _("The new password may have at most %(count)s characters.", count=LONGEST),
    "has_name": _("The new password must not contain your name."),
    "repeats": _("The new password repeats the same few characters."),
    "same_password": _("The new password is the one you have."),
}


def problem_of(error: AccountError) -> str:
    """What cannot be done, in the language of the page."""
    return str(PROBLEMS.get(error.code, error))
