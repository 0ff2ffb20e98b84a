"""A result as JSON and back, so that a row can store it and later steps can add to it.

Of sample posts only row ids are stored, because what the platform sent must disappear when a post
is deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from service.backtest.result import Result, Sample

Json = dict[str, Any]


def to_json(result: Result) -> Json:
    """The counts and the sample posts' rows."""
    return {
        "posts": result.posts,
        "settled_posts": result.settled_posts,
        "unsettled": dict(result.unsettled),
        "flips": _rows(result.flips),
        "categories": {name: _rows(counts) for name, counts in result.categories.items()},
        "decisions": _rows(result.decisions),
        "settled": _rows(result.settled),
        "samples": [
            [*flip, [[one.post_id, one.position] for one in samples]]
            for flip, samples in result.samples.items()
        ],
    }


def from_json(data: Json) -> Result:
    """What ``to_json`` wrote; an empty result from an empty object. Samples have no names."""
    result = Result(data.get("posts", 0), data.get("settled_posts", 0))
    result.unsettled.update(data.get("unsettled", {}))
    _fill(result.flips, data.get("flips", ()))
    _fill(result.decisions, data.get("decisions", ()))
    _fill(result.settled, data.get("settled", ()))
    for name, rows in data.get("categories", {}).items():
        _fill(result.categories[name], rows)
    for then, now, samples in data.get("samples", ()):
        result.samples[then, now] = [Sample(post, position, "", "") for post, position in samples]
    return result


def _rows(counts: Counter[Any]) -> list[list[Any]]:
    return [[*key, count] for key, count in counts.most_common()]


def _fill(counts: Counter[Any], rows: Iterable[Sequence[Any]]) -> None:
    for *key, count in rows:
        counts[tuple(key)] += count
