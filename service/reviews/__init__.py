"""What moderators answer to flagged and doubtful posts."""

from service.reviews.settle import ANSWERS, SettleError, settle
from service.reviews.standing import Standing, standing

__all__ = ["ANSWERS", "SettleError", "Standing", "settle", "standing"]
