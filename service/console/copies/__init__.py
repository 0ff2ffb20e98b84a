"""Exact copies of what a person settled: where they settle themselves."""

from service.console.copies import pages

PAGES = (pages,)
