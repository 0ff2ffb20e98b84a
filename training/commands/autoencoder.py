"""``autoencoder``: thumbnails to a network that draws them again, and to its latent vectors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_seed, whole

SIDE, HELD_BACK = 96, 0.3


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    command = commands.add_parser("autoencoder", help="thumbnails to latent vectors")
    command.set_defaults(run=_autoencoder)
    command.add_argument("data", type=Path, help="a folder with videos.csv and images/")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="its folder")
    command.add_argument(
        "--side", type=whole(16), default=SIDE, help=f"of the canvas; {SIDE} pixels"
    )
    command.add_argument("--epochs", type=whole(1), default=60, help="at most; 60")
    add_seed(command)
    command.add_argument("--resume", type=Path, help="a folder: go on where a run was stopped")


def _autoencoder(asked: argparse.Namespace) -> int:
    from training.thumbnails.encode import EncoderTraining, train
    from training.thumbnails.reconstruct import Schedule

    schedule = Schedule(epochs=asked.epochs, seed=asked.seed)
    run = EncoderTraining(asked.data, asked.out, asked.side, HELD_BACK, asked.resume, schedule)
    told = train(run)
    print(f"Latent vectors of {told.length} numbers. Written to {asked.out}.")
    for name, value in told.metrics.items():
        print(f"- {name}: {value}")
    return 0
