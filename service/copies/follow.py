"""Give an exact copy the verdicts of a settled post, or draw it for a check by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import Decision, Judgement, Verdict, with_settled
from service.config import Config
from service.copies.settled import settled_verdicts
from service.quality.draw import drawn
from service.tables import CopyCheck, CopyRule, Post

LOTTERY = "copy"
# It does not say which verdict the others got, so that the answer is nobody's but the person's.
CHECKED = {
    "en": "Posts with exactly these photographs were settled before; some are looked at again.",
    "ko": "똑같은 사진의 게시물을 사람이 이미 판정했어요. 일부는 다시 확인해요.",
}


@dataclass(frozen=True)
class Followed:
    """A judgement that takes over people's verdicts. If the post was drawn for a check, ``checks``
    has the verdicts, by position, that it would have taken.
    """

    judgement: Judgement
    checks: Mapping[int, Verdict] = field(default_factory=dict)


def shares_checked(session: Session) -> dict[str, float]:
    """The categories in which an analyst allowed copies to follow, each with the share of them that
    is drawn for a check."""
    query = select(CopyRule.category, CopyRule.checked)
    return {row.category: row.checked for row in session.execute(query)}


def follow(
    session: Session, config: Config, post: Post, judgement: Judgement, shares: Mapping[str, float]
) -> Followed:
    """The judgement on a post, with the verdicts of those with exactly the same photographs.

    Args:
        shares: the categories in which it may follow, as ``shares_checked`` gives them; none for a
            post of an author under watch.
    """
    categories = {verdict.category for verdict in judgement.verdicts if verdict.category}
    if post.photographs is None or categories.isdisjoint(shares):
        return Followed(judgement)
    said = settled_verdicts(session, post.photographs)
    given = {
        position: Verdict(said[verdict.normalised])
        for position, verdict in enumerate(judgement.verdicts)
        if verdict.category in shares and verdict.normalised in said
    }
    if not given:
        return Followed(judgement)
    share = max(shares[judgement.verdicts[position].category or ""] for position in given)
    if drawn(config.secret_key, LOTTERY, post.id, share):
        return Followed(_to_a_person(judgement), given)
    return Followed(with_settled(judgement, given))


def _to_a_person(judgement: Judgement) -> Judgement:
    if judgement.decision is not Decision.PASS:
        return judgement
    return replace(judgement, decision=Decision.REVIEW, reason=CHECKED)


def still_checked(session: Session, post: Post, judgement: Judgement) -> Judgement:
    """A new judgement on a post that nobody answered yet: what was drawn for a check stays so."""
    drawn_once = select(CopyCheck.verdict_id).where(
        CopyCheck.verdict_id.in_([verdict.id for verdict in post.verdicts])
    )
    if judgement.decision is Decision.PASS and session.scalars(drawn_once.limit(1)).first():
        return _to_a_person(judgement)
    return judgement


def keep_checks(session: Session, post: Post, checks: Mapping[int, Verdict]) -> None:
    """Store the expected verdicts of a post that was drawn for a check, in the transaction of its
    verdicts.
    """
    session.add_all(
        CopyCheck(
            verdict_id=verdict.id,
            category=verdict.category,
            expected=checks[verdict.position].value,
        )
        for verdict in post.verdicts
        if verdict.position in checks
    )
