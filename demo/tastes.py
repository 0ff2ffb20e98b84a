"""Compare what three people of the demo are recommended with what they like, by eye.

    python -m demo.tastes --env data/tagsift.env

What each item is about was written down beside it (``demo/items.jsonl``, ``demo/viewers.json``) and
is never changed to suit a model.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

from clients.environment import connect
from clients.tagsift_client import TagsiftError
from demo.catalogue import Person, people, themes

FIRST = 6
ALL = 100


@dataclass(frozen=True)
class Comparison:
    """Of the first ``first`` that are recommended, ``hits`` are to a person's taste; of all ``of``
    that could be, ``suiting`` are."""

    person: str
    first: int
    hits: int
    of: int
    suiting: int

    @property
    def by_chance(self) -> float:
        """How many would be to their taste by chance."""
        return self.first * self.suiting / self.of if self.of else 0.0

    @property
    def luck(self) -> float:
        """The probability of as many or more by chance (hypergeometric)."""
        others = self.of - self.suiting
        ways = sum(
            comb(self.suiting, hits) * comb(others, self.first - hits)
            for hits in range(self.hits, self.first + 1)
        )
        return ways / comb(self.of, self.first)


def compare(person: Person, ranked: Sequence[str], about: Mapping[str, str]) -> Comparison:
    """Hold a person's whole list, the best first, against their tastes."""
    suits = [about.get(item, "other") in person.tastes for item in ranked]
    first = min(FIRST, len(ranked))
    return Comparison(person.id, first, sum(suits[:first]), len(ranked), sum(suits))


def table(lines: Sequence[Comparison]) -> str:
    """The comparisons as text, a line each."""
    rows = [f"{'PERSON':<12} {'TO THEIR TASTE':<16} {'BY CHANCE':<10} AS MANY BY LOT"]
    rows += [
        f"{line.person:<12} {f'{line.hits} of {line.first}':<16} {line.by_chance:<10.1f} "
        f"{line.luck:.3f}"
        for line in lines
    ]
    return "\n".join(rows)


def main(words: Sequence[str] | None = None) -> int:
    """Ask the service and print the table; returns 0 if all are above chance, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--env", type=Path, default=Path("data/tagsift.env"))
    about, lines = themes(), []
    try:
        with connect(parser.parse_args(words).env) as tagsift:
            for person in people():
                found = tagsift.recommend(person.id, k=str(ALL))
                lines.append(compare(person, [one["id"] for one in found], about))
    except TagsiftError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(lines))
    return 0 if all(line.hits > line.by_chance for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
