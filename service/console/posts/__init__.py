"""Lists of posts, and one post with its photographs."""

from service.console.posts import pages, photographs, post, saved

PAGES = (pages, post, photographs, saved)
