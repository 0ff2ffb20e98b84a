"""Finding a post from anywhere."""

from service.console.find import pages

PAGES = (pages,)
