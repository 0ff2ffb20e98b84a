"""Authors: what they posted, what moderators note about them, and the watch over their posts."""

from service.authors.keep import LONGEST_NOTE, AuthorError, forget_without_posts, keep
from service.authors.watch import is_watched, under_watch

__all__ = [
    "LONGEST_NOTE",
    "AuthorError",
    "forget_without_posts",
    "is_watched",
    "keep",
    "under_watch",
]
