"""A label of a bundle, and the facts that follow from its two thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """What a classifier can see in an image.

    ``group`` is "object" or "scene"; ``parent`` names the label that this one implies (a cat is an
    animal); ``titles`` holds the name in words by language ("en", "ko"). A score of at least
    ``true_at`` makes the fact true, one of at most ``false_at`` makes it false; None where too
    little data was held back to promise anything, so that the fact is then unknown.
    """

    name: str
    group: str
    parent: str | None
    titles: Mapping[str, str]
    true_at: float | None
    false_at: float | None

    def fact(self, score: float) -> bool | None:
        """True, false or, between the thresholds, None: unknown."""
        if self.true_at is not None and score >= self.true_at:
            return True
        if self.false_at is not None and score <= self.false_at:
            return False
        return None


def facts_of(labels: Sequence[Label], scores: Mapping[str, float]) -> dict[str, bool | None]:
    """Each label's fact, made consistent: a true child has a true parent.

    A false parent with a true child is a contradiction between two promises; the child, the more
    specific statement, wins. An unknown child of a false parent is false.
    """
    facts = {label.name: label.fact(scores[label.name]) for label in labels}
    for label in children_first(labels):
        if label.parent is not None and facts[label.name] is True:
            facts[label.parent] = True
    for label in reversed(children_first(labels)):
        if label.parent is not None and facts[label.parent] is False:
            facts[label.name] = False
    return facts


def children_first(labels: Sequence[Label]) -> list[Label]:
    """The labels in an order in which none comes after its parent."""
    by_name = {label.name: label for label in labels}

    def depth(label: Label) -> int:
        return 0 if label.parent is None else 1 + depth(by_name[label.parent])

    return sorted(labels, key=depth, reverse=True)
