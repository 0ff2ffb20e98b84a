"""What to call an item, and the sentences that say why it is recommended."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func

from rules.shown import shown
from service.tables import Item, Json, Post

LONGEST = 60  # characters of a title in a sentence


def title_of() -> ColumnElement[str]:
    """An item's title in SQL, of a post the beginning of its caption; posts are joined.

    Nothing is quoted of a post that is no longer recommended: it may be flagged.
    """
    words = case((and_(Item.kind == "post", Item.available), Post.caption), else_=Item.title)
    return func.left(words, LONGEST + 1)


def because_liked(title: str) -> Json:
    """People who liked that liked this."""
    if not (name := _short(title)):
        return {
            "en": "Because of something you liked.",
            "ko": "좋아하신 것과 함께 사랑받아서 추천해요.",
        }
    return {
        "en": f"Because you liked “{name}”.",
        "ko": f"‘{name}’ 항목을 좋아하셔서 추천해요.",
    }


def looks_like(title: str) -> Json:
    """It is close in content to that."""
    if not (name := _short(title)):
        return {"en": "It is like something you liked.", "ko": "좋아하신 것과 비슷해요."}
    return {
        "en": f"It is like “{name}”, which you liked.",
        "ko": f"좋아하신 ‘{name}’ 항목과 비슷해요.",
    }


POPULAR = {"en": "Many people like it at the moment.", "ko": "요즘 많은 분이 좋아해요."}
FRESH = {"en": "It is new.", "ko": "새로 올라왔어요."}
EXPLORE = {"en": "Something else to try.", "ko": "새로운 것도 한번 보세요."}


def _short(title: str) -> str:
    line = " ".join(shown(title).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
