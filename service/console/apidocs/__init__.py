"""`/docs`: the API's document, to be read by people."""

from service.console.apidocs import pages

PAGES = (pages,)
