"""How far people and model agree: second looks, controls, drawn passes."""

from service.console.quality import export, pages

PAGES = (pages, export)
