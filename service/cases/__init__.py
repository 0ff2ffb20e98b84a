"""Cases: the queue of what people look at, who has which, their answers, and undoing them."""

from service.cases.answer import LeaseLostError, answer
from service.cases.correct import correct
from service.cases.lease import release, renew, take, take_next
from service.cases.open import close_cases, open_case, open_review
from service.cases.undo import UndoError, undo
from service.cases.wanted import Wanted

__all__ = [
    "LeaseLostError",
    "UndoError",
    "Wanted",
    "answer",
    "close_cases",
    "correct",
    "open_case",
    "open_review",
    "release",
    "renew",
    "take",
    "take_next",
    "undo",
]
