"""A folder that is not there ends a measurement in a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["likeness", "gone", "gone"], "gone is no autoencoder: manifest.json cannot be read"),
        (["recommend", "gone"], "gone/movies.csv cannot be read or written"),
        (["similarity.votes", "gone.csv"], "gone.csv cannot be read or written"),
        (["thumbnails", "gone"], "gone/segments.json cannot be read or written"),
    ],
)
def test_what_is_not_there_is_named(asked: list[str], said: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{asked[0]}", *asked[1:]]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # ours
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
