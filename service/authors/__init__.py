"""Authors: what they posted, what moderators note about them, and the watch over their posts."""

from service.authors.notes import (
    LONGEST_NOTE,
    AuthorError,
    forget_without_posts,
    save_note,
    version,
)
from service.authors.watch import is_watched, to_a_person, under_watch, watched_among

__all__ = [
    "LONGEST_NOTE",
    "AuthorError",
    "forget_without_posts",
    "is_watched",
    "save_note",
    "to_a_person",
    "under_watch",
    "version",
    "watched_among",
]
