"""An author: what they posted, a note, and the watch over their posts."""

from service.console.authors import pages, similar

PAGES = (pages, similar)
