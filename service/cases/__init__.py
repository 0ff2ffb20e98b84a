"""Cases: the queue of posts for people to answer, and who holds which."""

from service.cases.lease import release, renew, take, take_next
from service.cases.open import close, close_cases, open_case, open_review
from service.cases.wanted import Wanted

__all__ = [
    "Wanted",
    "close",
    "close_cases",
    "open_case",
    "open_review",
    "release",
    "renew",
    "take",
    "take_next",
]
