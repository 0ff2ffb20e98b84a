"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.data.labels import DEFAULT_LABELS
from training.fit.frozen import CACHE

STARTER = Path(__file__).resolve().parents[2] / "models" / "starter"


def share(text: str) -> float:
    """An option between 0 and 1."""
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def names(text: str | None) -> frozenset[str]:
    """Comma-separated names."""
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())


def add_promise(command: argparse.ArgumentParser) -> None:
    """Adds --max-error and --confidence."""
    command.add_argument("--max-error", type=share, default=0.05, help="promised; 0.05")
    command.add_argument("--confidence", type=share, default=0.95, help="of it; 0.95")


def add_labels(command: argparse.ArgumentParser) -> None:
    """Adds --labels, the file that says what labels mean."""
    command.add_argument("--labels", type=Path, default=DEFAULT_LABELS, help="a YAML file")


def add_cache(command: argparse.ArgumentParser, what: str = "default") -> None:
    """Adds --cache, the folder of networks and embeddings."""
    command.add_argument("--cache", type=Path, default=CACHE, help=f"{what} {CACHE}")
