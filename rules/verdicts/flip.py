"""The smallest change of what was seen that would have changed a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

from rules.verdicts import kleene
from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import Expression, labels
from rules.verdicts.sight import Seen, Sight

MOST_FACTS = 2


def smallest_change(expression: Expression, images: Sequence[Sight]) -> list[dict[str, Any]] | None:
    """One or two facts that would give the hashtag another definite verdict if they were different.

    Among changes of the same size, the one whose score is nearest to its threshold is returned.

    Returns:
        ``{"image", "label", "to"}`` for each fact, or None if no such change exists.
    """
    values = [evaluate(expression, image) for image in images]
    now = kleene.disjunction(values)
    asked = labels(expression)
    places = [(i, name) for i, image in enumerate(images) for name in asked if name in image]
    places.sort(key=lambda place: _distance(images[place[0]][place[1]]))
    for size in range(1, MOST_FACTS + 1):
        for chosen in combinations(places[:16], size):
            for facts in product((True, False), repeat=size):
                changed = _with(images, chosen, facts)
                after = kleene.disjunction(evaluate(expression, image) for image in changed)
                if after is not now and after is not None:
                    return [
                        {"image": i, "label": name, "to": fact}
                        for (i, name), fact in zip(chosen, facts, strict=True)
                    ]
    return None


def _distance(seen: Seen) -> float:
    """How far a score is from the threshold that would change its fact."""
    edges = [edge for edge in (seen.true_at, seen.false_at) if edge is not None]
    return min((abs(seen.score - edge) for edge in edges), default=1.0)


def _with(
    images: Sequence[Sight], places: Sequence[tuple[int, str]], facts: Sequence[bool]
) -> list[dict[str, Seen]]:
    changed = [dict(image) for image in images]
    for (i, name), fact in zip(places, facts, strict=True):
        seen = changed[i][name]
        changed[i][name] = Seen(float(fact), fact, seen.true_at, seen.false_at, seen.at)
    return changed
