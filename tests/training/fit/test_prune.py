"""What nobody used for a while leaves the cache, and nothing else does."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from classifiers import Bundle
from classifiers.bundle import NETWORK, WEIGHTS
from training.__main__ import main
from training.fit.aside import HALF
from training.fit.cache import Embeddings
from training.fit.frozen import frozen_of
from training.fit.places import FILES
from training.fit.prune import DAY_SECONDS, entries, prune
from training.fit.upper import MAPS, TUNED

STARTER = Path(__file__).parents[3] / "models" / "starter"


def network(cache: Path, name: str, days: float, photographs: int = 0) -> Path:
    """A network in the cache that was used so many days ago."""
    folder = cache / name
    folder.mkdir(parents=True)
    for file in (NETWORK, WEIGHTS):
        (folder / file).write_bytes(b"x" * 2**20)
    if photographs:
        kept = Embeddings(folder)
        digests = [f"{number:064x}" for number in range(photographs)]
        kept.add(digests, np.zeros((photographs, 4), np.float32))
        kept.save()
    return aged(folder, days)


def aged(folder: Path, days: float) -> Path:
    when = time.time() - days * DAY_SECONDS
    for path in (*folder.iterdir(), folder):
        os.utime(path, (when, when))
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    network(tmp_path, "old", days=40, photographs=3)
    network(tmp_path, "new", days=2)
    return tmp_path


def names(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()}


def test_feature_maps_and_what_layers_learned_go_with_their_network(cache: Path) -> None:
    files = (f"{MAPS}0123.npy", f"{MAPS}4567.part", f"{TUNED}89.safetensors", f"{FILES}ab.npy")
    for name in files:
        (cache / "old" / name).write_bytes(b"x" * 2**20)
    aged(cache / "old", days=40)
    assert [one.megabytes for one in prune(cache, days=30)] == [pytest.approx(6, abs=0.01)]
    assert names(cache) == {"new"}


def test_entries_tell_size_photographs_and_last_use(cache: Path) -> None:
    new, old = entries(cache)
    assert (new.folder.name, old.folder.name) == ("new", "old")
    assert (new.photographs, old.photographs) == (0, 3)
    assert new.megabytes == pytest.approx(2)
    assert new.days == pytest.approx(2, abs=0.01)


def test_what_was_not_used_for_so_long_goes(cache: Path) -> None:
    assert [entry.folder.name for entry in prune(cache, days=30)] == ["old"]
    assert names(cache) == {"new"}
    assert [entry.folder.name for entry in prune(cache, days=1)] == ["new"]


def test_what_somebody_else_put_there_stays(cache: Path) -> None:
    mixed = network(cache, "mixed", days=90)
    (mixed / "notes.txt").write_text("mine")
    (cache / "photographs").mkdir()
    (cache / "empty").mkdir()
    (cache / "photographs" / WEIGHTS).write_bytes(b"a weights file and no network")
    (cache / "link").symlink_to(cache / "new")
    for folder in (mixed, cache / "photographs", cache / "empty"):
        aged(folder, 90)
    prune(cache, days=0)
    assert names(cache) == {"mixed", "photographs", "empty", "link"}


def test_what_a_stopped_run_left_goes_after_a_day(cache: Path) -> None:
    for name, days in (("left", 2), ("running", 0.1)):
        (cache / f"{HALF}{name}").mkdir()
        aged(cache / f"{HALF}{name}", days)
    prune(cache, days=30)
    assert names(cache) == {"new", f"{HALF}running"}


def test_using_a_network_keeps_it(tmp_path: Path) -> None:
    bundle = Bundle.load(STARTER)
    aged(frozen_of(bundle, tmp_path).folder, 90)
    assert entries(tmp_path)[0].days > 89
    frozen_of(bundle, tmp_path)
    assert prune(tmp_path, days=30) == []


def test_the_command_tells_first(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["prune", "--cache", str(cache)]
    assert main([*asked, "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "old: 3 photographs, 2 MB, used 40 days ago, goes" in out
    assert "new: 0 photographs, 2 MB, used 2 days ago, stays" in out
    assert "1 of 2 would go, 2 MB." in out
    assert names(cache) == {"old", "new"}
    assert main(asked) == 0
    assert "1 of 2 are gone, 2 MB." in capsys.readouterr().out
    assert names(cache) == {"new"}


def test_a_cache_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prune", "--cache", str(tmp_path / "nowhere")]) == 2
    assert "there is no cache yet, or name it" in capsys.readouterr().err


@pytest.mark.parametrize("days", ["-1", "nan", "soon"])
def test_days_that_are_no_number_of_days_are_refused(
    days: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["prune", f"--days={days}"])
    assert "--days" in capsys.readouterr().err
