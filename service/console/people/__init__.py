"""Accounts: signing in, the own password, and the people an admin manages."""

from service.console.people import changes, pages, password, person, signin

PAGES = (signin, password, pages, person, changes)
