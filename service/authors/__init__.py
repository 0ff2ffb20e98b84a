"""Authors: what they posted, what moderators note about them, and the watch over their posts."""

from service.authors.notes import LONGEST_NOTE, AuthorError, forget_without_posts, save_note
from service.authors.watch import is_watched, under_watch

__all__ = [
    "LONGEST_NOTE",
    "AuthorError",
    "forget_without_posts",
    "is_watched",
    "save_note",
    "under_watch",
]
