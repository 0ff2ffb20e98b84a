"""The parser of ``python -m training``: every command, and what runs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from classifiers import BundleError
from items import ItemBundleError
from thumbnails import ThumbnailBundleError
from training.commands import (
    autoencoder,
    calibrate,
    compare,
    engagement,
    evaluate,
    extend,
    items,
    predict,
    prune,
    report,
    resplit,
    thresholds,
    thumbnails,
    train,
)
from training.commands.handover import HELP
from training.errors import TrainingError, of_file

_ABOUT = "From a folder of photographs to a bundle that serves."
_COMMANDS = (
    train,
    evaluate,
    thresholds,
    resplit,
    compare,
    extend,
    calibrate,
    report,
    prune,
    predict,
    thumbnails,
    autoencoder,
    engagement,
    items,
)


def run(arguments: Sequence[str]) -> int:
    """Runs one command. An error that the analyst can put right is printed as one sentence."""
    asked = build_parser().parse_args(arguments)
    try:
        status = int(asked.run(asked))
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on: `python -m training … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (TrainingError, BundleError, ItemBundleError, ThumbnailBundleError) as error:
        print(f"{asked.command}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{asked.command}: {of_file(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{asked.command}: stopped.", file=sys.stderr)
        return 130
    return status


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands; those that the service runs appear in its help only."""
    parser = argparse.ArgumentParser(prog="python -m training", description=_ABOUT)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in _COMMANDS:
        command.add(commands)
    for name, text in HELP.items():  # the service carries them out, and has their options
        commands.add_parser(name, help=text, add_help=False)
    return parser
