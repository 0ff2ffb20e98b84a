"""Rulesets: drafts, those in shadow, the live one, and what each did."""

from service.console.rules import changes, pages, ruleset

PAGES = (pages, ruleset, changes)
