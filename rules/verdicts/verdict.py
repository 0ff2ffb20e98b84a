"""Verdicts on hashtags, and the decision on a post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.verdicts.medium import Medium


class Verdict(StrEnum):
    """Whether a post's photographs bear out one hashtag."""

    RELEVANT = "relevant"
    IRRELEVANT = "irrelevant"
    UNCERTAIN = "uncertain"
    UNVERIFIABLE = "unverifiable"


class Decision(StrEnum):
    """What happens with a post."""

    PASS = "pass"  # noqa: S105  # a decision, not a password
    FLAG = "flag"
    REVIEW = "review"


@dataclass(frozen=True)
class TagVerdict:
    """One hashtag's verdict, its reason, and the trace that led to it (JSON).

    ``reason`` is one plain sentence in each language (``en``, ``ko``) and its ``code``. ``doubt``
    in 0..1 says how close the scores are to the opposite verdict.
    """

    tag: str
    normalised: str
    verdict: Verdict
    category: str | None
    resolved_by: str
    confidence: float
    reason: Mapping[str, str]
    trace: Mapping[str, Any]
    doubt: float


@dataclass(frozen=True)
class Judgement:
    """A post's verdicts in the order of its hashtags, the decision and its reason; ``medium`` says
    what was looked at.
    """

    verdicts: tuple[TagVerdict, ...]
    decision: Decision
    reason: Mapping[str, str]
    medium: Medium = Medium.PHOTOGRAPHS


def decide(verdicts: Iterable[Verdict]) -> Decision:
    """Flag if any hashtag is irrelevant, else review if any is uncertain, else pass."""
    found = set(verdicts)
    if Verdict.IRRELEVANT in found:
        return Decision.FLAG
    return Decision.REVIEW if Verdict.UNCERTAIN in found else Decision.PASS
