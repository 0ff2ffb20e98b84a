"""One picture in many posts: the list of campaigns, one of them, and settling it at once."""

from service.console.campaigns import pages, settle

PAGES = (pages, settle)
