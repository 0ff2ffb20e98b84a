"""Reason codes: why a hashtag has its verdict, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from rules.hashtags.resolve import Resolution, Way
from rules.verdicts.verdict import Verdict


class Code(StrEnum):
    """The reason of one verdict."""

    BORNE_OUT = "borne_out"
    CONTRADICTED = "contradicted"
    IN_DOUBT = "in_doubt"
    NO_PHOTOGRAPH = "no_photograph"
    GUESSED = "guessed"
    NOTHING_VISIBLE = "nothing_visible"
    NOT_COVERED = "not_covered"
    NOT_UNDERSTOOD = "not_understood"
    VOTES_FOR = "votes_for"
    VOTES_AGAINST = "votes_against"
    PROTOTYPE_FOR = "prototype_for"
    PROTOTYPE_AGAINST = "prototype_against"
    PROTOTYPE_IN_DOUBT = "prototype_in_doubt"
    SETTLED = "settled"
    MENU = "menu"


_BY_VERDICT: Mapping[Verdict, Code] = {
    Verdict.RELEVANT: Code.BORNE_OUT,
    Verdict.IRRELEVANT: Code.CONTRADICTED,
    Verdict.UNCERTAIN: Code.IN_DOUBT,
    Verdict.UNVERIFIABLE: Code.GUESSED,
}


def code_of(found: Resolution, verdict: Verdict, *, has_rule: bool, has_image: bool) -> Code:
    """The reason of a hashtag's verdict.

    Args:
        found: how the hashtag was understood.
        has_rule: whether a rule judged it.
        has_image: whether there was a photograph to look at.
    """
    if has_rule:
        in_doubt = verdict is Verdict.UNCERTAIN
        return Code.NO_PHOTOGRAPH if in_doubt and not has_image else _BY_VERDICT[verdict]
    if found.resolved_by == Way.NONE:
        return Code.NOT_UNDERSTOOD
    return Code.NOT_COVERED if found.categories or found.visible else Code.NOTHING_VISIBLE
