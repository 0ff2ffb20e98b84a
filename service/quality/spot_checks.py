"""Spot checks: posts that passed and are drawn at random for a person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from rules import Decision
from service.cases import add_case
from service.config import Config
from service.quality.draw import drawn
from service.tables import Case, Post

# The lot is a hash of this too: another word would draw other posts, and those drawn so far could
# not be checked any more.
LOTTERY = "audit"
EVEN = 0.5  # like a hashtag that may go either way: at the end of the queue it would tell nothing


def draw_spot_check(session: Session, post: Post, config: Config) -> Case | None:
    """Put a post that has just passed into the queue, if the lot falls on it, in the caller's
    transaction."""
    if post.decision != Decision.PASS:
        return None
    if not drawn(config.secret_key, LOTTERY, post.id, config.spot_check_share):
        return None
    return add_case(session, post, "spot_check", EVEN * max(post.reach, 1))
