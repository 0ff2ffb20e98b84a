"""The priority of a case: doubtful posts with a wide reach first."""

from __future__ import annotations

from collections.abc import Iterable

from rules import TagVerdict, Verdict

LEAST = 0.01


def priority(verdicts: Iterable[TagVerdict], reach: int) -> float:
    """The stake of a post: the uncertainty of its most doubtful hashtag, times reach.

    An uncertain hashtag always counts more than one that the rules were sure of, whatever their
    scores; a post that reached nobody yet counts as one that reached one person.
    """
    uncertainty = max((_uncertainty(verdict) for verdict in verdicts), default=1.0)
    return max(uncertainty, LEAST) * max(reach, 1)


def _uncertainty(verdict: TagVerdict) -> float:
    if verdict.verdict is Verdict.UNCERTAIN:
        return 0.5 + verdict.doubt / 2
    return verdict.doubt / 2 if verdict.verdict is Verdict.IRRELEVANT else 0.0
