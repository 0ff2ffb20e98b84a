"""Items of the catalogue: added, looked after, deleted."""

from service.console.produce import item, pages, uploading

PAGES = (pages, uploading, item)
