"""A moderator's work: the queue, a case, its answer, undoing it, several posts together."""

from service.console.review import beside, pages, queue, selected, takeback, together, undo

PAGES = (queue, pages, undo, beside, together, selected, takeback)
