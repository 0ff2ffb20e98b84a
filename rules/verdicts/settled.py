"""Apply a person's verdicts to a judgement on exactly the same photographs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rules.shown import hashtag
from rules.verdicts import reasons
from rules.verdicts.codes import Code
from rules.verdicts.verdict import Judgement, TagVerdict, Verdict, decide

_ENDS: Mapping[Verdict, reasons.Text] = {
    **reasons.ENDS,
    Verdict.UNVERIFIABLE: {"en": "so it is not checked", "ko": "확인하지 않는 해시태그예요"},
}


def with_settled(judgement: Judgement, given: Mapping[int, Verdict]) -> Judgement:
    """The judgement with a person's verdicts on some hashtags (by position), and the decision that
    follows.
    """
    verdicts = tuple(
        _settled(verdict, given[position]) if position in given else verdict
        for position, verdict in enumerate(judgement.verdicts)
    )
    reason = reasons.for_post(verdicts, judgement.medium)
    return Judgement(verdicts, decide(v.verdict for v in verdicts), reason, judgement.medium)


def leaves_nothing_open(verdicts: Iterable[TagVerdict]) -> bool:
    """Whether a person settled every irrelevant or uncertain verdict elsewhere."""
    to_look_at = [v for v in verdicts if v.verdict in (Verdict.IRRELEVANT, Verdict.UNCERTAIN)]
    return bool(to_look_at) and all(is_settled(v.reason) for v in to_look_at)


def is_settled(reason: Mapping[str, str]) -> bool:
    """Whether a verdict's reason is that a person gave it elsewhere."""
    return reason.get("code") == Code.SETTLED


def _settled(verdict: TagVerdict, given: Verdict) -> TagVerdict:
    tag, end = hashtag(verdict.tag), _ENDS[given]
    reason = {
        "en": f"A person has settled {tag} on exactly these photographs before, {end['en']}.",
        "ko": f"똑같은 사진의 {tag} 해시태그를 사람이 이미 판정했어요. {end['ko']}.",
        "code": Code.SETTLED,
    }
    return replace(verdict, verdict=given, reason=reason, doubt=0.0)
