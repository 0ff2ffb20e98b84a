"""Accounts of the console: who may sign in, as what, with which password, and for how long."""

from service.accounts.accounts import ROLES, create, find_user, named, spelled, tried, verify
from service.accounts.errors import AccountError
from service.accounts.renew import choose_password, make_one_time, reset_password
from service.accounts.status import change_role, disable, enable, end_sessions

__all__ = [
    "ROLES",
    "AccountError",
    "change_role",
    "choose_password",
    "create",
    "disable",
    "enable",
    "end_sessions",
    "find_user",
    "make_one_time",
    "named",
    "reset_password",
    "spelled",
    "tried",
    "verify",
]
