"""What looks like a post, or like a photograph that is dropped."""

from service.console.likeness import pages, photograph

PAGES = (pages, photograph)
