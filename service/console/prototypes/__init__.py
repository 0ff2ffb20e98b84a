"""Hashtags that no rule covers, judged by a few examples."""

from service.console.prototypes import examples, pages

PAGES = (pages, examples)
