"""What visually close posts say of hashtags that no rule covers."""

from service.console.votes import pages, post

PAGES = (pages, post)
