"""What votes of visually close posts make of a verdict, where no rule covers the hashtag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from rules.verdicts import reasons
from rules.verdicts.codes import Code
from rules.verdicts.verdict import Judgement, TagVerdict, Verdict, decide

OPEN = frozenset({Code.NOT_COVERED, Code.NOT_UNDERSTOOD})


@dataclass(frozen=True)
class Ballot:
    """The votes on one hashtag of a post.

    ``says`` is True for it, False against it, None where they do not tell. ``decides``: an analyst
    allowed them to decide for this hashtag. Of ``voters`` ``carrying`` carry it; their weighted
    ``share`` lies between ``low`` and ``high``; of all posts ``prior`` do.
    """

    says: bool | None
    decides: bool
    voters: int
    carrying: int
    share: float
    low: float
    high: float
    prior: float


def is_open(verdict: TagVerdict) -> bool:
    """Whether votes may be asked: one could see what the hashtag says, and no rule covers it."""
    return not verdict.trace["rules"] and verdict.reason["code"] in OPEN


def verdict_by(ballot: Ballot) -> Verdict:
    """The verdict. Without leave to decide, votes can only send a hashtag to a person."""
    if ballot.says is None:
        return Verdict.UNVERIFIABLE
    if ballot.decides:
        return Verdict.RELEVANT if ballot.says else Verdict.IRRELEVANT
    return Verdict.UNVERIFIABLE if ballot.says else Verdict.UNCERTAIN


def with_votes(judgement: Judgement, ballots: Mapping[int, Ballot]) -> Judgement:
    """A judgement with the votes on some of its hashtags, by their position, and the decision that
    follows."""
    if not ballots:
        return judgement
    verdicts = tuple(
        _voted(verdict, ballots[position]) if position in ballots and is_open(verdict) else verdict
        for position, verdict in enumerate(judgement.verdicts)
    )
    return Judgement(verdicts, decide(v.verdict for v in verdicts), reasons.for_post(verdicts))


def _voted(verdict: TagVerdict, ballot: Ballot) -> TagVerdict:
    given = verdict_by(ballot)
    trace = {**verdict.trace, "votes": asdict(ballot)}
    if given is Verdict.UNVERIFIABLE:
        return replace(verdict, trace=trace)
    code = Code.VOTES_FOR if ballot.says else Code.VOTES_AGAINST
    reason = {**_sentence(verdict.tag, ballot, given), "code": code}
    doubt = 0.5 if given is Verdict.UNCERTAIN else 0.0
    return replace(verdict, verdict=given, reason=reason, trace=trace, doubt=doubt)


def _sentence(written: str, ballot: Ballot, given: Verdict) -> reasons.Text:
    tag = f"#{written.lstrip('#')}"
    end = reasons.ENDS[given]
    usual = f"{ballot.prior:.1%}"
    compared = {
        "en": f"usual are {usual} of all posts" if ballot.says else "too few for it",
        "ko": f"전체 게시물에서는 {usual}예요" if ballot.says else "이 해시태그치고는 적어요",
    }
    en = (
        f"Of the {ballot.voters} posts by other authors that look most like this one, "
        f"{ballot.carrying} carry {tag}: {compared['en']}, {end['en']}."
    )
    ko = (
        f"이 게시물과 가장 비슷해 보이는 다른 작성자의 게시물 {ballot.voters}개 중 "
        f"{ballot.carrying}개에 {tag} 해시태그가 있어요. {compared['ko']}. {end['ko']}."
    )
    return {"en": en, "ko": ko}
