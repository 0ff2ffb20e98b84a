"""The page of the audit log."""

from service.console.audit import pages

PAGES = (pages,)
