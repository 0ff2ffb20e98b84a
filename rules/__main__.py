"""`python -m rules …`: see what hashtags mean, check a ruleset, score, backtest, fuzz."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rules.errors import RulesetError
from rules.tools import commands
from rules.verdicts.ruleset import DEFAULT

Command = Callable[[argparse.Namespace], int]
_OF_RULESET = "its categories; rules/default.yaml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 on success, 1 if the input is wrong."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["backtest"]:  # argparse would take the options that come first as ours
        return commands.backtest(given[1:])
    chosen = _parser().parse_args(given)
    run: Command = chosen.run
    try:
        return run(chosen)
    except RulesetError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rules", description=__doc__)
    subparsers = parser.add_subparsers(required=True)

    resolving = subparsers.add_parser("resolve", help="what hashtags claim, and how that was found")
    resolving.add_argument(
        "tags", nargs="*", help="hashtags, or one file with a hashtag a line; standard input"
    )
    resolving.add_argument("--json", action="store_true", help="a JSON object a line")
    resolving.add_argument("--short", action="store_true", help="a line each, without the way")
    resolving.add_argument("--ruleset", type=Path, default=DEFAULT, help=_OF_RULESET)
    resolving.set_defaults(run=commands.resolve_tags)

    checking = subparsers.add_parser("check", help="whether a ruleset can be used, and what is odd")
    checking.add_argument(
        "file", nargs="?", type=Path, default=DEFAULT, help="a ruleset; rules/default.yaml"
    )
    checking.add_argument("--labels", type=_names, help="labels that rules may name: a,b,c")
    checking.set_defaults(run=commands.check)

    scoring = subparsers.add_parser("score", help="how well judged hashtags are understood")
    scoring.add_argument("files", nargs="+", type=Path, help="docs/hashtags.md says which forms")
    scoring.add_argument("--json", action="store_true", help="a JSON object a file")
    scoring.add_argument(
        "--wrong", type=int, default=0, metavar="N", help="show N that went wrong; 0"
    )
    scoring.add_argument("--baseline", action="store_true", help="divide by the libraries alone")
    scoring.add_argument("--ruleset", type=Path, default=DEFAULT, help=_OF_RULESET)
    scoring.set_defaults(run=commands.score)

    telling = subparsers.add_parser("words", help="update what kiwipiepy is told of the lexicon")
    telling.set_defaults(run=commands.words)

    counting = subparsers.add_parser("frequencies", help="make the table of English words anew")
    counting.set_defaults(run=commands.frequencies)

    fuzzing = subparsers.add_parser("fuzz", help="random hashtags and rules: nothing may break")
    fuzzing.add_argument("--cases", type=_count, default=100_000, help="how many; 100000")
    fuzzing.add_argument("--seed", type=int, default=0, help="of all chance; 0")
    fuzzing.set_defaults(run=commands.fuzz)

    subparsers.add_parser(  # for the list of commands: ``main`` hands it over
        "backtest", help="what a ruleset would have done with stored decisions"
    )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


if __name__ == "__main__":
    sys.exit(main())
