"""`/docs`: the API's reference for people."""

from service.console.apidocs import pages

PAGES = (pages,)
