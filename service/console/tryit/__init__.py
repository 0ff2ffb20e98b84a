"""Try it: a post of one's own is judged, and nothing is stored."""

from service.console.tryit import pages

PAGES = (pages,)
