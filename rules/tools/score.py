"""How well hashtags are understood, measured on a file of labelled hashtags."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from rules.hashtags.normalise import normalise
from rules.hashtags.resolve import Way, resolve
from rules.hashtags.segment import segment
from rules.tools.labelled import Categorised, Counted, Segmented
from rules.verdicts.ruleset import Ruleset

Figures = dict[str, float | int]


@dataclass(frozen=True)
class Score:
    """Figures by name, and the hashtags that went wrong with what was found for them."""

    figures: Figures
    wrong: Sequence[tuple[str, str]]


def score_segments(
    rows: Sequence[Segmented], divide: Callable[[str], Sequence[str]] = segment
) -> Score:
    """The share of hashtags segmented exactly in an accepted way, and the F1 of the word
    boundaries.

    Boundaries are compared with the closest accepted segmentation.
    """
    wrong: list[tuple[str, str]] = []
    hit = found = real = 0
    began = time.process_time()  # what one core needs, whatever else the machine does
    answers = [list(divide(row.tag)) for row in rows]
    seconds = max(time.process_time() - began, 1e-9)
    for row, words in zip(rows, answers, strict=True):
        ours = _seams(words)
        theirs = min((_seams(way) for way in row.ways), key=lambda seams: len(seams ^ ours))
        hit, found, real = hit + len(ours & theirs), found + len(ours), real + len(theirs)
        if words not in [list(way) for way in row.ways]:
            wrong.append((row.tag, " ".join(words)))
    precision, recall = _share(hit, found), _share(hit, real)
    return Score(
        {
            "hashtags": len(rows),
            "exact": 1 - len(wrong) / len(rows),
            "seam_precision": precision,
            "seam_recall": recall,
            "seam_f1": _share(2 * precision * recall, precision + recall),
            "hashtags_per_cpu_second": len(rows) / seconds,
        },
        wrong,
    )


def score_categories(rows: Sequence[Categorised], ruleset: Ruleset) -> Score:
    """F1 of each category that the ruleset knows, and the share of the other hashtags that no rule
    judges.

    A hashtag of several categories is right with any of them. One without a category of the ruleset
    is right if no rule judges it.
    """
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    wrong: list[tuple[str, str]] = []
    others = alone = 0
    for row in rows:
        answer = resolve(row.tag, ruleset)
        wanted = row.categories & ruleset.categories.keys()
        given = set(answer.categories)
        if not wanted:
            others, alone = others + 1, alone + (not answer.verifiable)
        if given & wanted:
            right.update(given & wanted)
        else:
            missed.update(wanted)
            false.update(given)
        if (wanted or answer.verifiable) and not given & wanted:
            wrong.append((row.tag, ", ".join(answer.categories) or "nothing"))
    names = sorted(right.keys() | missed.keys())
    f1 = {n: _share(2 * right[n], 2 * right[n] + missed[n] + false[n]) for n in names}
    figures: Figures = {
        "hashtags": len(rows),
        "categories": len(names),
        "macro_f1": _share(sum(f1.values()), len(f1)),
        "left_alone": _share(alone, others),
    }
    return Score(figures | {f"f1_{name}": value for name, value in f1.items()}, wrong)


def score_occurrences(rows: Sequence[Counted], ruleset: Ruleset) -> Score:
    """Shares of all occurrences that are answered, by way, and of hashtags that meet their twin.

    A twin is the same hashtag decomposed, as a quarter of Korean hashtags arrive.
    """
    ways: Counter[str] = Counter()
    verifiable = twins = 0
    unknown: Counter[str] = Counter()
    for row in rows:
        answer = resolve(row.tag, ruleset)
        ways[answer.resolved_by] += row.count
        verifiable += row.count * answer.verifiable
        twins += normalise(unicodedata.normalize("NFD", row.tag)) == answer.normalised
        if answer.resolved_by == Way.NONE:
            unknown[row.tag] += row.count
    total = sum(ways.values())
    figures: Figures = {
        "hashtags": len(rows),
        "occurrences": total,
        "answered": 1 - ways[Way.NONE] / total,
        "verifiable": verifiable / total,
        "twins_met": twins / len(rows),
    }
    by_way = {f"by_{way}": count / total for way, count in sorted(ways.items())}
    return Score(figures | by_way, [(tag, f"{n} times") for tag, n in unknown.most_common()])


def plainly(tag: str) -> list[str]:
    """A baseline: the libraries alone, without what this package adds."""
    key = normalise(tag)
    if key.isascii():
        return [str(word) for word in _wordsegment().segment(key)]
    tokens = _kiwi().tokenize(key)
    starts = sorted({token.start for token in tokens} | {0})
    return [key[a:b] for a, b in pairwise([*starts, len(key)])]


@cache
def _wordsegment() -> Any:
    import wordsegment

    wordsegment.load()
    return wordsegment


@cache
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


def _seams(words: Sequence[str]) -> set[int]:
    ends = []
    end = 0
    for word in words[:-1]:
        end += len(word)
        ends.append(end)
    return set(ends)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
