"""Judge a post by what was seen, or send it to a person if nothing could be seen."""

from __future__ import annotations

from collections.abc import Sequence

from rules import Decision, Judgement
from service.screen import Screen, SeenImage
from service.tables import Post

GAVE_UP = {
    "en": "Screening failed several times, so a person should look.",
    "ko": "자동 검사에 여러 번 실패해 사람이 확인해야 해요.",
}


def judge(current: Screen, post: Post, looks: Sequence[SeenImage], most_attempts: int) -> Judgement:
    """Judge a post's hashtags by what was seen.

    A post that failed too often is decided "review" without its photographs. If even that fails
    (its hashtags may be what cannot be judged), it is decided without verdicts.
    """
    if post.attempts > most_attempts:
        return Judgement((), Decision.REVIEW, GAVE_UP)
    if post.attempts == most_attempts:
        return Judgement(current.judge(post.hashtags, ()).verdicts, Decision.REVIEW, GAVE_UP)
    return current.judge(post.hashtags, looks)
