"""Verdicts from neighbours' votes or a prototype, for hashtags that no rule covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from rules.shown import hashtag
from rules.verdicts import reasons
from rules.verdicts.codes import Code
from rules.verdicts.verdict import Judgement, TagVerdict, Verdict, decide

OPEN = frozenset({Code.NOT_COVERED, Code.NOT_UNDERSTOOD})


@dataclass(frozen=True)
class Ballot:
    """The votes on one hashtag of a post.

    ``says`` is True for it, False against it, None if the votes do not tell. ``decides``: an
    analyst lets votes decide on this hashtag. ``carrying`` of the ``voters`` carry it; their
    weighted ``share`` has the interval ``low`` to ``high``; ``prior`` is the share of all posts.
    """

    says: bool | None
    decides: bool
    voters: int
    carrying: int
    share: float
    low: float
    high: float
    prior: float


@dataclass(frozen=True)
class Probed:
    """What a prototype says about one hashtag of a post; ``score`` is that of the photograph that
    is most alike.

    ``says`` is True from ``true_at`` up, False down from ``false_at``, None in between.
    ``prototype`` is the id of its row.
    """

    says: bool | None
    score: float
    true_at: float
    false_at: float
    prototype: int


Opinion = Ballot | Probed


def opinion(stored: Mapping[str, Any]) -> Opinion:
    """Read an opinion that was stored as JSON."""
    return Probed(**stored) if "prototype" in stored else Ballot(**stored)


def is_open(verdict: TagVerdict) -> bool:
    """Whether neighbours may vote: the hashtag can be seen, and no rule covers it."""
    return not verdict.trace["rules"] and verdict.reason["code"] in OPEN


def verdict_by(ballot: Opinion) -> Verdict:
    """The verdict. Unless votes may decide, they can only send a hashtag to a person."""
    if isinstance(ballot, Probed):
        return _BY_PROTOTYPE[ballot.says][0]
    if ballot.says is None:
        return Verdict.UNVERIFIABLE
    if ballot.decides:
        return Verdict.RELEVANT if ballot.says else Verdict.IRRELEVANT
    return Verdict.UNVERIFIABLE if ballot.says else Verdict.UNCERTAIN


def with_votes(judgement: Judgement, ballots: Mapping[int, Opinion]) -> Judgement:
    """The judgement with opinions on some hashtags (by position), and the decision that follows."""
    if not ballots:
        return judgement
    verdicts = tuple(
        _voted(verdict, ballots[position]) if position in ballots and is_open(verdict) else verdict
        for position, verdict in enumerate(judgement.verdicts)
    )
    reason = reasons.for_post(verdicts, judgement.medium)
    return Judgement(verdicts, decide(v.verdict for v in verdicts), reason, judgement.medium)


def _voted(verdict: TagVerdict, ballot: Opinion) -> TagVerdict:
    if isinstance(ballot, Probed):
        return _probed(verdict, ballot)
    given = verdict_by(ballot)
    trace = {**verdict.trace, "votes": asdict(ballot)}
    if given is Verdict.UNVERIFIABLE:
        return replace(verdict, trace=trace)
    code = Code.VOTES_FOR if ballot.says else Code.VOTES_AGAINST
    reason = {**_sentence(verdict.tag, ballot, given), "code": code}
    doubt = 0.5 if given is Verdict.UNCERTAIN else 0.0
    return replace(verdict, verdict=given, reason=reason, trace=trace, doubt=doubt)


_BY_PROTOTYPE: Mapping[bool | None, tuple[Verdict, Code]] = {
    True: (Verdict.RELEVANT, Code.PROTOTYPE_FOR),
    False: (Verdict.IRRELEVANT, Code.PROTOTYPE_AGAINST),
    None: (Verdict.UNCERTAIN, Code.PROTOTYPE_IN_DOUBT),
}


def _probed(verdict: TagVerdict, probed: Probed) -> TagVerdict:
    given, code = _BY_PROTOTYPE[probed.says]
    tag, end = hashtag(verdict.tag), reasons.ENDS[given]
    reason = {
        "en": f"The likest photograph scores {probed.score:.2f} by the examples for and against "
        f"{tag}, {end['en']}.",
        "ko": f"{tag} 해시태그의 예시와 견준 사진 점수는 {probed.score:.2f}점이에요. {end['ko']}.",
        "code": code,
    }
    trace = {**verdict.trace, "prototype": asdict(probed)}
    doubt = 1.0 - abs(2.0 * probed.score - 1.0)
    return replace(verdict, verdict=given, reason=reason, trace=trace, doubt=doubt)


def _sentence(written: str, ballot: Ballot, given: Verdict) -> reasons.Text:
    tag = hashtag(written)
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
