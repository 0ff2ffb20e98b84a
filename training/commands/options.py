"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from classifiers import Bundle
from training.data.labels import DEFAULT_LABELS, Meanings, read_meanings
from training.fit.frozen import CACHE
from training.promise.thresholds import own_promises

STARTER = Path(__file__).resolve().parents[2] / "models" / "starter"


def told(folder: Path) -> str:
    """A folder that comes along, as a help text names it."""
    return "/".join(folder.parts[-2:])


MOST_SEED = 2**32 - 1  # NumPy takes no more


def share(text: str) -> float:
    """An option between 0 and 1."""
    value = number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def above_nothing(text: str) -> float:
    """An option greater than 0."""
    value = number(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number greater than 0")
    return value


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """What reads an option that is a whole number within bounds."""
    bounds = f"from {least} on" if most is None else f"from {least} to {most}"

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"{text} is not a whole number {bounds}")
        return value

    return read


def number(text: str) -> float:
    """An option that is a number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None


def names(text: str | None) -> frozenset[str]:
    """Comma-separated names."""
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())


def add_promise(command: argparse.ArgumentParser) -> None:
    """Adds --max-error and --confidence."""
    command.add_argument("--max-error", type=share, default=0.05, help="promised; 0.05")
    command.add_argument("--confidence", type=share, default=0.95, help="of it; 0.95")


def add_labels(command: argparse.ArgumentParser) -> None:
    """Adds --labels, the file that says what labels mean."""
    what = f"a YAML file of what labels mean; {DEFAULT_LABELS.name}, which comes along"
    command.add_argument("--labels", type=Path, default=DEFAULT_LABELS, help=what)


def add_labels_of_bundle(command: argparse.ArgumentParser) -> None:
    """Adds --labels to a command about a bundle, which knows what its own labels mean."""
    what = "a YAML file: they mean something else than the bundle says"
    command.add_argument("--labels", type=Path, help=what)


def meanings_of(bundle: Bundle, labels: Path | None) -> Meanings:
    """What labels mean: by the file, or where none is named by the bundle."""
    if labels is not None:
        return read_meanings(labels)
    return as_in(bundle, read_meanings(DEFAULT_LABELS))


def as_in(bundle: Bundle, meanings: Meanings) -> Meanings:
    """The meanings, but those of a bundle's own labels are the bundle's."""
    return meanings.keeping(bundle.labels, own_promises(bundle.manifest.promise))


def add_seed(command: argparse.ArgumentParser) -> None:
    """Adds --seed."""
    command.add_argument("--seed", type=whole(0, MOST_SEED), default=0, help="of all chance; 0")


def add_cache(command: argparse.ArgumentParser, what: str = "default") -> None:
    """Adds --cache, the folder of networks and embeddings."""
    command.add_argument("--cache", type=Path, default=CACHE, help=f"{what} {CACHE}")
