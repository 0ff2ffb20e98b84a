"""What moderators answer to flagged and doubtful posts."""

from service.reviews.settle import ANSWERS, SettleError, full_answers, settle
from service.reviews.standing import Standing, own_answer, standing

__all__ = [
    "ANSWERS",
    "SettleError",
    "Standing",
    "full_answers",
    "own_answer",
    "settle",
    "standing",
]
