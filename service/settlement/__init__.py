"""A person's answer and its consequences: the post is settled, the platform is told, further cases
are opened. Undoing an answer.
"""

from service.settlement.answer import GoneError, LeaseLostError, answer
from service.settlement.correct import correct
from service.settlement.undo import UndoError, undo

__all__ = ["GoneError", "LeaseLostError", "UndoError", "answer", "correct", "undo"]
