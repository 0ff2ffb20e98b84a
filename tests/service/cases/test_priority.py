from __future__ import annotations

from rules import TagVerdict, Verdict
from service.cases.priority import priority


def _verdict(verdict: Verdict, doubt: float) -> TagVerdict:
    return TagVerdict("a", "a", verdict, "cafe", "lexicon", 1.0, {}, {}, doubt)


def test_it_grows_with_the_doubt_and_with_the_reach() -> None:
    sure, unsure = _verdict(Verdict.IRRELEVANT, 0.1), _verdict(Verdict.IRRELEVANT, 0.9)
    assert priority([sure], 10) < priority([unsure], 10) < priority([unsure], 1000)


def test_what_is_uncertain_counts_more_than_what_the_rules_were_sure_of() -> None:
    settled, open_ = _verdict(Verdict.IRRELEVANT, 1.0), _verdict(Verdict.UNCERTAIN, 0.1)
    assert priority([open_], 10) > priority([settled], 10)


def test_the_most_doubtful_hashtag_decides() -> None:
    one, other = _verdict(Verdict.UNCERTAIN, 0.2), _verdict(Verdict.UNCERTAIN, 0.7)
    assert priority([one, other], 1) == priority([other], 1)


def test_relevant_and_unverifiable_hashtags_are_nothing_to_doubt() -> None:
    calm = [_verdict(Verdict.RELEVANT, 0.9), _verdict(Verdict.UNVERIFIABLE, 0.0)]
    flag = _verdict(Verdict.IRRELEVANT, 0.3)
    assert priority([*calm, flag], 5) == priority([flag], 5)


def test_a_post_without_reach_still_has_an_order() -> None:
    flags = [_verdict(Verdict.IRRELEVANT, doubt) for doubt in (0.2, 0.6)]
    assert 0 < priority([flags[0]], 0) < priority([flags[1]], 0)
