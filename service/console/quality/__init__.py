"""How far people and model agree: second looks, controls, spot checks."""

from service.console.quality import export, pages

PAGES = (pages, export)
