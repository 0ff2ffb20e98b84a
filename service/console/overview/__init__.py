"""The overview's sections: each a sentence, a chart drawn on the server, and the table behind."""

from service.console.overview import pages

PAGES = (pages,)
