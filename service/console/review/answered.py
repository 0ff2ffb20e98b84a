"""What a script is told when an answer was taken, so that it need not load a page."""

from __future__ import annotations

from flask import Response, jsonify, render_template
from flask_login import current_user
from sqlalchemy.orm import Session

from service.cases.last import last_answer
from service.console.review.seen import seen_words
from service.parts import Parts
from service.tables import Review


def answered(session: Session, parts: Parts, review: Review, following: str) -> Response:
    """The review, the address that follows, and what the page shows anew: Undo, and the count."""
    last = last_answer(session, current_user.id, parts.config)
    return jsonify(
        review=review.id,
        undo_seconds=parts.config.undo_seconds,
        next=following,
        undo=render_template("posts/undo.html", last=last),
        seen=seen_words(session),
    )
