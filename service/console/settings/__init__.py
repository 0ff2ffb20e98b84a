"""How somebody likes to work: keys, veils, breaks."""

from service.console.settings import pages

PAGES = (pages,)
