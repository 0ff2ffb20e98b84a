"""Accounts of the console: who may sign in, and with which password."""

from service.accounts.accounts import AccountError, create, reset_password, verify

__all__ = ["AccountError", "create", "reset_password", "verify"]
