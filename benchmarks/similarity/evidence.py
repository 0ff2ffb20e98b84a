"""What rules, neighbours and company say of hashtags that may have been swapped."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.similarity.tagged import Pair, Swapped
from rules import Ruleset, load_ruleset, resolve
from rules.hashtags.resolve import judged_categories
from rules.verdicts.expression import Expression
from rules.verdicts.judge import claim, truth
from rules.verdicts.ruleset import DEFAULT
from rules.verdicts.uncertainty import likelihood
from similarity import NEAR
from similarity.votes import Bar, Tally, bar, relevance, says, tally

STRENGTH = 5.0
SURE = 1e-4

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """Of each pair: whether it is true, its post's source, each method's score (NaN: no answer),
    and what rules and votes decide (1 for, 0 against, NaN: neither)."""

    true: NDArray[np.bool_]
    sources: Sequence[str]
    scores: Mapping[str, Scores]
    decided: Mapping[str, Scores]


def judge_all(swapped: Swapped, neighbours: int) -> Answers:
    """Ask each method about each pair."""
    ruleset = load_ruleset(DEFAULT, None)
    voters = _voters(swapped, neighbours)
    priors = _priors(swapped)
    company = _company(swapped, priors)
    tallies = [_tally(swapped, voters[pair.post], pair.tag) for pair in swapped.pairs]
    rules = np.array([_by_rule(ruleset, swapped, pair) for pair in swapped.pairs])
    votes = np.array(
        [relevance(t, priors[p.tag]) for t, p in zip(tallies, swapped.pairs, strict=True)]
    )
    decided = np.array([_verdict(ruleset, swapped, pair) for pair in swapped.pairs])
    said = _said(swapped, tallies, priors)
    return Answers(
        np.array([pair.true for pair in swapped.pairs], np.bool_),
        [swapped.seen.posts[pair.post].source for pair in swapped.pairs],
        {
            "rules": rules,
            "votes, where a rule is": np.where(np.isnan(rules), np.nan, votes),
            "votes, where none is": np.where(np.isnan(rules), votes, np.nan),
            "votes": votes,
            "rules and votes": np.nan_to_num(rules) + votes,
            "the hashtags' company": np.array([company(pair) for pair in swapped.pairs]),
        },
        {
            "rules": decided,
            "votes, where no rule is": np.where(np.isnan(rules), said, np.nan),
            "both": np.where(np.isnan(rules), said, decided),
        },
    )


def _voters(swapped: Swapped, most: int) -> list[list[int]]:
    """The nearest posts of other sources, one a voter, without the same picture again."""
    posts, embeddings = swapped.seen.posts, swapped.seen.embeddings
    found = []
    for number, post in enumerate(posts):
        cosines = embeddings @ embeddings[number]
        chosen: dict[str, int] = {}
        for other in np.argsort(-cosines):
            if cosines[other] >= NEAR or posts[other].source == post.source:
                continue
            chosen.setdefault(posts[other].voter, int(other))
            if len(chosen) == most:
                break
        found.append(list(chosen.values()))
    return found


def _priors(swapped: Swapped) -> dict[str, float]:
    counted = Counter(tag for tags in swapped.tags for tag in tags)
    return {tag: count / len(swapped.tags) for tag, count in counted.items()}


def _tally(swapped: Swapped, voters: Sequence[int], tag: str) -> Tally:
    return tally([(1.0, tag in swapped.tags[voter]) for voter in voters])


def _said(swapped: Swapped, tallies: Sequence[Tally], priors: Mapping[str, float]) -> Scores:
    """What votes decide. What is usual is learned from the even posts for the odd, and back.

    Nobody settled any post, so half of what it is learned from is wrong.
    """
    shares: dict[tuple[str, int], list[float]] = {}
    for pair, counted in zip(swapped.pairs, tallies, strict=True):
        shares.setdefault((pair.tag, pair.post % 2), []).append(counted.share)

    @cache
    def usual(tag: str, half: int) -> Bar | None:
        return bar(priors[tag], shares.get((tag, half), ()))

    found = []
    for pair, counted in zip(swapped.pairs, tallies, strict=True):
        learned = usual(pair.tag, 1 - pair.post % 2)
        said = says(counted, learned) if learned else None
        found.append(math.nan if said is None else float(said))
    return np.array(found)


def _company(swapped: Swapped, priors: Mapping[str, float]) -> Callable[[Pair], float]:
    """How much oftener than usual a hashtag stands with the post's others, on other sources' posts:
    the mean logarithm."""
    sources = [post.source for post in swapped.seen.posts]
    together: Counter[tuple[str, str]] = Counter()
    alone: Counter[str] = Counter()
    own: Counter[tuple[str, str, str]] = Counter()
    own_alone: Counter[tuple[str, str]] = Counter()
    for source, tags in zip(sources, swapped.tags, strict=True):
        for tag in tags:
            alone[tag] += 1
            own_alone[source, tag] += 1
            together.update((tag, other) for other in tags if other != tag)
            own.update((source, tag, other) for other in tags if other != tag)

    def score(pair: Pair) -> float:
        source, prior = sources[pair.post], priors[pair.tag]
        lifts = [
            math.log(
                (together[other, pair.tag] - own[source, other, pair.tag] + STRENGTH * prior)
                / ((alone[other] - own_alone[source, other] + STRENGTH) * prior)
            )
            for other in swapped.tags[pair.post] - {pair.tag}
        ]
        return sum(lifts) / len(lifts) if lifts else math.nan

    return score


def _by_rule(ruleset: Ruleset, swapped: Swapped, pair: Pair) -> float:
    """The log odds of what the hashtag claims; NaN where no rule covers it."""
    rule = _rule(ruleset, pair.tag)
    if rule is None:
        return math.nan
    share = min(max(likelihood(rule, swapped.seen.sights[pair.post]), SURE), 1 - SURE)
    return math.log(share / (1 - share))


def _verdict(ruleset: Ruleset, swapped: Swapped, pair: Pair) -> float:
    rule = _rule(ruleset, pair.tag)
    value = None if rule is None else truth(rule, [swapped.seen.sights[pair.post]])
    return math.nan if value is None else float(value)


_RULES: dict[tuple[str, str], Expression | None] = {}


def _rule(ruleset: Ruleset, tag: str) -> Expression | None:
    key = ruleset.id, tag
    if key not in _RULES:
        names = judged_categories(resolve(tag, ruleset).categories, ruleset)
        rules = {n: rule for n in names if (rule := ruleset.categories[n].rule) is not None}
        _RULES[key] = claim(rules) if rules else None
    return _RULES[key]
