"""What neighbours know of hashtags: `python -m benchmarks.similarity.votes TABLE …`.

A table is a CSV file of photographs and what people said of them: `labels.csv` with the columns
file, labels (`|` between) and source, or `videos.csv` with video_id, tags and channel_hash, whose
pictures lie in `images/`. Each row is a post. Half of all hashtags are swapped between posts, and
each method says how likely it is that one stands where its author put it. Prints a Markdown table:
the area under the ROC curve with its 95 % bootstrap interval, by authors; ``--plot`` draws it.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from benchmarks.mistakes import told_in_a_sentence
from benchmarks.similarity.areas import Area, draw, row_of
from benchmarks.similarity.bound import ROOT
from benchmarks.similarity.evidence import Answers, Scores, judge_all
from benchmarks.similarity.tagged import Tagged, look, swap, together
from intervals import Share

RESAMPLES = 1000
SEED = 0

Bools = NDArray[np.bool_]
Strings = NDArray[np.str_]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.votes")
    parser.add_argument("tables", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=2000, help="posts of each table")
    parser.add_argument("--authors", type=int, default=5, help="that must carry a hashtag")
    parser.add_argument("--neighbours", type=int, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--plot", type=Path, help="an SVG of the areas")
    chosen = parser.parse_args()
    print("| posts | method | pairs | AUC | 95 % interval |\n| --- | --- | ---: | ---: | --- |")
    seen = {
        table.parent.name: look(
            read(table, chosen.most), ROOT / "models" / "starter", chosen.threads
        )
        for table in chosen.tables
    }
    if len(seen) > 1:
        seen["all of them"] = together(list(seen.values()))
    told, areas = {}, []
    for name, posts in seen.items():
        swapped = swap(posts, chosen.authors, np.random.default_rng(SEED))
        told[name] = judge_all(swapped, chosen.neighbours)
        for area in areas_of(name, told[name]):
            print(row_of(area), flush=True)
            areas.append(area)
    print("\n| posts | answered by | of all pairs | “against” right | “for” right |")
    print("| --- | --- | ---: | --- | --- |")
    for name, answers in told.items():
        print_answered(name, answers)
    if chosen.plot:
        draw(areas, chosen.plot)


def read(table: Path, most: int) -> list[Tagged]:
    """The posts of a table that have hashtags, evenly chosen."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise SystemExit(f"{table} holds no rows.")
    found = [_post(table.parent, row) for row in rows]
    tagged = [post for post in found if post.tags]
    if not tagged:
        raise SystemExit(f"No row of {table} has a hashtag.")
    if len(tagged) <= most:
        return tagged
    return [tagged[at] for at in np.linspace(0, len(tagged) - 1, most).astype(int)]


def _post(folder: Path, row: dict[str, str]) -> Tagged:
    if "video_id" in row:
        file, author = folder / "images" / f"{row['video_id']}.jpg", row["channel_hash"]
        return Tagged(file, author, author, Tagged.normalised(row["tags"]))
    # Files of one source look alike, as one author's do; but each file has a vote of its own.
    file = folder / row["file"]
    return Tagged(file, row["file"], row["source"], Tagged.normalised(row["labels"]))


def areas_of(name: str, answers: Answers) -> Iterator[Area]:
    """Each method on one set of posts."""
    for method, scores in answers.scores.items():
        there = ~np.isnan(scores)
        true, sources = answers.true[there], np.array(answers.sources)[there]
        count = int(there.sum())
        if not true.any() or true.all():
            yield Area(name, method, count, None)
            continue
        low, high = interval(true, scores[there], sources)
        yield Area(name, method, count, (auc(true, scores[there]), low, high))


def print_answered(name: str, answers: Answers) -> None:
    """What can be answered, and how often rightly; nothing where no hashtag has enough authors."""
    if not len(answers.true):
        return
    for method, said in answers.decided.items():
        against, speaks_for = said == 0, said == 1
        wrong = _told(Share(int((against & ~answers.true).sum()), int(against.sum())))
        right = _told(Share(int((speaks_for & answers.true).sum()), int(speaks_for.sum())))
        share = (against | speaks_for).mean()
        print(f"| {name} | {method} | {share:.1%} | {wrong} | {right} |")


def _told(share: Share) -> str:
    if share.value is None:
        return "none"
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%}, of {share.of:,})"


def auc(true: Bools, scores: Scores) -> float:
    """The chance that a true pair scores above a swapped one; equal ones count half."""
    ranks = rankdata(scores)
    count = int(true.sum())
    return float((ranks[true].sum() - count * (count + 1) / 2) / (count * (len(true) - count)))


def interval(true: Bools, scores: Scores, sources: Strings) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile over resampled sources, whose pairs stay together."""
    random = np.random.default_rng(SEED)
    names, which = np.unique(sources, return_inverse=True)
    members = [np.flatnonzero(which == number) for number in range(len(names))]
    found = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([members[at] for at in random.integers(0, len(names), len(names))])
        if 0 < true[rows].sum() < len(rows):
            found.append(auc(true[rows], scores[rows]))
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


if __name__ == "__main__":
    with told_in_a_sentence():
        main()
