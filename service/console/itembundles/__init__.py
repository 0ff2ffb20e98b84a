"""Item bundles: which is live, how far its vectors are, another made live, and back."""

from service.console.itembundles import changes, pages

PAGES = (pages, changes)
