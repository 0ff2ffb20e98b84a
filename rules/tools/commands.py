"""What the commands of `python -m rules` do."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rules.errors import RulesetError
from rules.hashtags.explain import explain
from rules.hashtags.frequencies import SCORES, TRIE
from rules.hashtags.korean import TOLD
from rules.hashtags.resolve import resolve
from rules.hashtags.segment import forget, segment
from rules.tools.frequencies import write_frequencies
from rules.tools.fuzz import FuzzError, attack
from rules.tools.labelled import Categorised, Counted, Segmented, read_scored
from rules.tools.score import Score, plainly, score_categories, score_occurrences, score_segments
from rules.tools.words import write_words
from rules.verdicts.checks import warnings
from rules.verdicts.ruleset import load_ruleset

Row = TypeVar("Row")


def resolve_tags(chosen: argparse.Namespace) -> int:
    """Print what each hashtag claims, and every step that was tried."""
    ruleset = load_ruleset(chosen.ruleset, None)
    for tag in _tags(chosen.tags):
        found = resolve(tag, ruleset)
        if chosen.json:
            print(json.dumps(vars(found), ensure_ascii=False))
            continue
        claims = ", ".join(found.categories) or "nothing known"
        words = " + ".join(found.segments)
        print(f"{tag}\t{claims}\t{found.resolved_by} ({found.confidence:.2f})\t{words}")
        if not chosen.short:
            print("\n".join(explain(found, ruleset)))
    return 0


def words(_chosen: argparse.Namespace) -> int:
    """Write the file of words that are added to kiwipiepy's dictionary."""
    print(f"{write_words()} words are in {TOLD}.")
    return 0


def frequencies(_chosen: argparse.Namespace) -> int:
    """Write the table of English words."""
    print(f"{write_frequencies():,} words and pairs of words are in {TRIE} and {SCORES.name}.")
    return 0


def check(chosen: argparse.Namespace) -> int:
    """Read a ruleset and print its errors and warnings."""
    ruleset = load_ruleset(chosen.file, chosen.labels)
    with_rule = [category for category in ruleset.categories.values() if category.rule]
    print(
        f"{ruleset.id}: {len(ruleset.categories)} categories, {len(with_rule)} with a rule, "
        f"{len(ruleset.lexicon.entries)} hashtags."
    )
    for finding in warnings(ruleset):
        print(finding, file=sys.stderr)
    return 0


def score(chosen: argparse.Namespace) -> int:
    """Score each file and print a table, or a JSON object a line."""
    ruleset = load_ruleset(chosen.ruleset, None)
    for file in chosen.files:
        rows = read_scored(file)
        result: Score
        match rows[0]:
            case Segmented():
                divide = plainly if chosen.baseline else segment
                for tag in ("naturelover", "성수동카페"):  # what is loaded once is not timed
                    divide(tag)
                forget()
                result = score_segments(_only(rows, Segmented), divide)
            case Categorised():
                result = score_categories(_only(rows, Categorised), ruleset)
            case Counted():
                result = score_occurrences(_only(rows, Counted), ruleset)
        if chosen.json:
            print(json.dumps({"file": file.name} | result.figures))
            continue
        print(file.name)
        for name, value in result.figures.items():
            print(f"  {name:<24}{value:>12,.3f}" if value % 1 else f"  {name:<24}{value:>12,.0f}")
        for tag, answer in result.wrong[: chosen.wrong]:
            print(f"  wrong: {tag}\t{answer}")
    return 0


def fuzz(chosen: argparse.Namespace) -> int:
    """Attack the package with random input; return 1 and print how to reproduce it if anything
    broke.
    """
    try:
        attack(chosen.cases, chosen.seed)
    except FuzzError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def backtest(arguments: Sequence[str]) -> int:
    """Run the service's command: it has the stored decisions, and this package has no database."""
    command = [sys.executable, "-m", "service", "rules", "backtest", *arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603  # our own command


def _tags(given: Sequence[str]) -> Iterator[str]:
    """Hashtags from the arguments, from a file that they name, or from standard input."""
    if not given:
        yield from (line.rstrip("\r\n") for line in sys.stdin)
    elif len(given) == 1 and ("/" in given[0] or Path(given[0]).is_file()):
        try:
            text = Path(given[0]).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise RulesetError(f"{given[0]} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise RulesetError(f"{given[0]} is no text in UTF-8: {error}") from None
        yield from text.splitlines()
    else:
        yield from given


def _only(rows: Sequence[object], kind: type[Row]) -> list[Row]:
    return [row for row in rows if isinstance(row, kind)]
