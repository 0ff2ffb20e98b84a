"""Lists of posts, and one post with its photographs."""

from service.console.posts import films, pages, photographs, post, saved

PAGES = (pages, post, photographs, films, saved)
