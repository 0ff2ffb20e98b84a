"""A moderator's work: the queue, a case, its answer, undoing it, near-duplicates together."""

from service.console.review import beside, pages, queue, together, undo

PAGES = (queue, pages, undo, beside, together)
