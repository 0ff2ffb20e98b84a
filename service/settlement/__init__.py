"""A person's answer and what follows from it: the post is settled, the platform is told, and others
look again. Taking an answer back."""

from service.settlement.answer import GoneError, LeaseLostError, answer
from service.settlement.correct import correct
from service.settlement.undo import UndoError, undo

__all__ = ["GoneError", "LeaseLostError", "UndoError", "answer", "correct", "undo"]
