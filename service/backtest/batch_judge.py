"""Judge stored posts again by another ruleset, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules import Ruleset, Sights, Verdict, any_image, evaluate_many, menu_of, opinion, resolve
from rules.hashtags.resolve import judged_categories
from rules.verdicts.batch import CODES
from rules.verdicts.codes import code_of
from rules.verdicts.expression import Expression
from rules.verdicts.judge import claim, verdict_of
from rules.verdicts.votes import OPEN, verdict_by
from service.backtest.stored import StoredPost, Tag

Names = tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """What a hashtag claims: the categories whose rules judge it, and how that was found.

    ``is_open``: no rule judges it, and neighbours may vote on it.
    """

    judged: Names
    category: str | None
    way: str
    is_open: bool = False


class BatchJudge:
    """Judges stored posts by one ruleset. Each hashtag is resolved once, however often it
    occurs.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._claims: dict[str, Claim] = {}

    def claim(self, tag: str) -> Claim:
        """What a hashtag claims by this ruleset."""
        if tag not in self._claims:
            self._claims[tag] = self._resolve(tag)
        return self._claims[tag]

    def verdicts(self, posts: Sequence[StoredPost]) -> list[list[str]]:
        """The verdict on each hashtag of each post, as ``rules.verdicts.judge`` gives it."""
        post, sights = _sights(posts)
        values: dict[Names, list[bool | None]] = {}
        found: list[list[str]] = []
        for number, one in enumerate(posts):
            claims = [self.claim(tag.tag) for tag in one.tags]
            for each in claims:
                if each.judged and each.judged not in values:
                    codes = any_image(
                        evaluate_many(self._rule(each.judged), sights), post, len(posts)
                    )
                    values[each.judged] = [_TRUTHS[code] for code in codes.tolist()]
            found.append(
                [
                    _by_rules(tag, each, verdict_of(values[each.judged][number], each.way))
                    if each.judged
                    else _voted(tag, each)
                    for tag, each in zip(one.tags, claims, strict=True)
                ]
            )
        return found

    def _resolve(self, tag: str) -> Claim:
        resolution = resolve(tag, self._ruleset)
        judged = tuple(
            name
            for name in judged_categories(resolution.categories, self._ruleset)
            if self._ruleset.categories[name].rule is not None
        )
        category = next(iter((*judged, *resolution.categories)), None)
        why = code_of(resolution, Verdict.UNVERIFIABLE, has_rule=bool(judged), has_image=True)
        return Claim(judged, category, resolution.resolved_by, why in OPEN)

    def _rule(self, judged: Names) -> Expression:
        categories = self._ruleset.categories
        rules = {name: rule for name in judged if (rule := categories[name].rule) is not None}
        return claim(rules)


def _by_rules(tag: Tag, claimed: Claim, verdict: Verdict) -> str:
    """The verdict of the rules, and of a menu that was read then."""
    if verdict is Verdict.IRRELEVANT and tag.menu and tag.menu["category"] in claimed.judged:
        return Verdict.RELEVANT.value if menu_of(tag.menu).bears_out else verdict.value
    return verdict.value


def _voted(tag: Tag, claimed: Claim) -> str:
    """The verdict without a rule, by the stored votes: rules do not change them."""
    asked = tag.votes is not None and claimed.is_open
    return (verdict_by(opinion(tag.votes or {})) if asked else Verdict.UNVERIFIABLE).value


_TRUTHS: Mapping[int, bool | None] = {int(code): truth for truth, code in CODES.items()}


def _sights(posts: Sequence[StoredPost]) -> tuple[NDArray[np.int64], Sights]:
    """The number of each photograph's post, int64 [n], and what was seen in them all."""
    images = [image for one in posts for image in one.images]
    post = np.repeat(np.arange(len(posts)), [len(one.images) for one in posts])
    names = list(dict.fromkeys(name for image in images for name in image))
    facts = np.array([[_fact(image, name) for name in names] for image in images], np.int8)
    scores = np.array([[_score(image, name) for name in names] for image in images], np.float64)
    shape = len(images), len(names)
    return post, Sights(names, facts.reshape(shape), scores.reshape(shape))


def _fact(image: Mapping[str, Any], name: str) -> int:
    return int(CODES[image[name]["fact"] if name in image else None])


def _score(image: Mapping[str, Any], name: str) -> float:
    return float(image[name]["score"]) if name in image else float("nan")
