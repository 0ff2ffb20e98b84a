"""Save a post's verdicts and decision, and restore them if a review is undone."""

from __future__ import annotations

from datetime import datetime

from service.tables import Json, Post


def state_of(post: Post) -> Json:
    """The decision, who made it and when, and each hashtag's verdict, as JSON."""
    return {
        "decision": post.decision,
        "decided_by": post.decided_by,
        "decided_at": post.decided_at.isoformat() if post.decided_at else None,
        "hashtags": {verdict.tag: verdict.verdict for verdict in post.verdicts},
    }


def restore(post: Post, state: Json) -> None:
    """Restore what ``state_of`` returned."""
    for verdict in post.verdicts:
        verdict.verdict = state["hashtags"][verdict.tag]
    post.decision, post.decided_by = state["decision"], state["decided_by"]
    decided_at = state["decided_at"]
    post.decided_at = datetime.fromisoformat(decided_at) if decided_at else None
