"""Rulesets: drafts, those in shadow, the live one, and what each did."""

from service.console.rules import changes, editor, pages, rerun, rerunforms, ruleset

PAGES = (pages, editor, ruleset, changes, rerun, rerunforms)
