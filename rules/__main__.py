"""`python -m rules …`: see what a hashtag means, check a ruleset."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rules import RulesetError, load_ruleset, resolve

DEFAULT = Path(__file__).with_name("default.yaml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when a ruleset is not."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.command == "check":
            return _check(chosen.file, chosen.labels)
        return _resolve(_tags(chosen.file, chosen.tags), chosen.ruleset, chosen.json)
    except RulesetError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rules", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    resolving = commands.add_parser("resolve", help="what hashtags claim, and how that was found")
    resolving.add_argument("file", nargs="?", type=Path, help="a hashtag a line; standard input")
    resolving.add_argument("--tags", nargs="+", default=[], help="hashtags instead of a file")
    resolving.add_argument("--json", action="store_true", help="a JSON object a line")
    resolving.add_argument("--ruleset", type=Path, default=DEFAULT)
    checking = commands.add_parser("check", help="whether a ruleset can be used")
    checking.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    checking.add_argument("--labels", type=_names, help="labels that rules may name: a,b,c")
    return parser


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _tags(file: Path | None, tags: Sequence[str]) -> Iterator[str]:
    if tags:
        yield from tags
    elif file is None:
        yield from (line.rstrip("\r\n") for line in sys.stdin)
    else:
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise RulesetError(f"{file} cannot be read: {error.strerror}") from None
        yield from text.splitlines()


def _resolve(tags: Iterable[str], ruleset_path: Path, as_json: bool) -> int:
    ruleset = load_ruleset(ruleset_path, None)
    for tag in tags:
        found = resolve(tag, ruleset)
        if as_json:
            print(json.dumps(vars(found), ensure_ascii=False))
        else:
            claims = ", ".join(found.categories) or "nothing known"
            words = " + ".join(found.segments)
            print(f"{tag}\t{claims}\t{found.resolved_by} ({found.confidence:.2f})\t{words}")
    return 0


def _check(file: Path, labels: Sequence[str] | None) -> int:
    ruleset = load_ruleset(file, labels)
    with_rule = [category for category in ruleset.categories.values() if category.rule]
    print(
        f"{ruleset.id}: {len(ruleset.categories)} categories, {len(with_rule)} with a rule, "
        f"{len(ruleset.lexicon.entries)} hashtags."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
