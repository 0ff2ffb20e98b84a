"""Cases: the queue of posts for people to answer, and who holds which."""

from service.cases.filters import PostFilter
from service.cases.lease import release, renew, take, take_next
from service.cases.open import add_case, close, close_cases, open_case, open_review, waiting_review

__all__ = [
    "PostFilter",
    "add_case",
    "close",
    "close_cases",
    "open_case",
    "open_review",
    "release",
    "renew",
    "take",
    "take_next",
    "waiting_review",
]
