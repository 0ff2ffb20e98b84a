"""Accounts of the console: who may sign in, as what, with which password, and for how long."""

from service.accounts.accounts import (
    ROLES,
    change_role,
    choose_password,
    create,
    disable,
    enable,
    end_sessions,
    find,
    make_one_time,
    reset_password,
    tried,
    verify,
)
from service.accounts.errors import AccountError

__all__ = [
    "ROLES",
    "AccountError",
    "change_role",
    "choose_password",
    "create",
    "disable",
    "enable",
    "end_sessions",
    "find",
    "make_one_time",
    "reset_password",
    "tried",
    "verify",
]
