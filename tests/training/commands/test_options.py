"""Options that no run can use, and files that cannot be written, end in one sentence."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest

from classifiers.bundle import NETWORK, WEIGHTS
from training.__main__ import main
from training.commands.options import STARTER
from training.commands.parser import run
from training.errors import TrainingError, of_file
from training.fit.backbones import BACKBONES, random_start
from training.fit.network import save_network

ROOT = Path(__file__).resolve().parents[3]
CAT = ROOT / "demo" / "photos" / "cat.jpg"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["resplit", "--splits", "0"], "--splits: 0 is not a whole number from 1 on"),
        (["resplit", "--splits", "many"], "--splits: many is not a whole number from 1 on"),
        (["resplit", "--seed", "-1"], "--seed: -1 is not a whole number from 0 to 4294967295"),
        (["report", "b", "--out", "r", "--photos", "-1"], "--photos: -1 is not a whole number"),
        (["autoencoder", "d", "--out", "o", "--epochs", "0"], "--epochs: 0 is not a whole number"),
        (["compare", "d", "--out", "o", "--photos", "0"], "--photos: 0 is not a whole number"),
        (["thumbnails", "v", "-k", "21"], "-k: 21 is not a whole number from 1 to 20"),
        (["thresholds", "b", "--max-error", "x"], "--max-error: x is not a number"),
        (["prune", "--days", "x"], "--days: x is not a number"),
        (
            ["items", "report", "d", "--out", "o", "--width", "0"],
            "--width: 0 is not a number greater than 0",
        ),
    ],
)
def test_a_number_that_no_run_can_use_is_refused(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(asked)
    assert ended.value.code == 2
    assert f"error: argument {said}" in capsys.readouterr().err


def test_sources_that_nothing_has_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "cat" / "a.jpg"
    photo.parent.mkdir()
    photo.write_bytes(CAT.read_bytes())
    assert run(["resplit", "--sources", "nowhere"]) == 2
    assert "has the source nowhere" in capsys.readouterr().err
    assert run(["evaluate", str(STARTER), str(tmp_path), "--sources", "nowhere"]) == 2
    assert "one of the sources that --sources names" in capsys.readouterr().err


def test_a_cache_that_is_a_file_is_told_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "cat" / "a.jpg"
    photo.parent.mkdir()
    photo.write_bytes(CAT.read_bytes())
    cache = tmp_path / "cache"
    cache.write_text("no folder")
    assert run(["evaluate", str(STARTER), str(photo.parents[1]), "--cache", str(cache)]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(f"evaluate: {cache}")
    assert said.endswith("cannot be read or written (Not a directory): name another.")


def test_the_sentence_names_the_file_that_is_written() -> None:
    full = os.strerror(errno.ENOSPC)
    copied = OSError(errno.ENOSPC, full, "from", None, "to")
    assert of_file(copied) == f"to cannot be written ({full}): make room, or name another folder."
    assert of_file(OSError(errno.ENOSPC, full)).startswith(f"A file cannot be written ({full})")
    assert of_file(OSError("odd")) == "A file cannot be read or written (odd)."


def test_a_picture_too_small_for_a_network_is_refused() -> None:
    with pytest.raises(TrainingError, match="inceptionv3 takes 75 pixels at least, not 32"):
        random_start(BACKBONES["inceptionv3"], 32, 0)


def test_a_network_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    import openvino

    model = openvino.Core().read_model(STARTER / NETWORK)
    (tmp_path / WEIGHTS).mkdir()
    with pytest.raises(TrainingError, match=f"{WEIGHTS} cannot be written: make room"):
        save_network(model, tmp_path)


def test_who_stops_it_while_it_loads_sees_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopped(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == "training.commands.parser":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "training.commands.parser")
    monkeypatch.setattr(sys, "meta_path", [Stopped(), *sys.meta_path])
    assert main(["evaluate"]) == 130
    assert capsys.readouterr().err == "stopped.\n"


def test_a_reader_that_stops_reading_is_no_fault() -> None:
    asked = [sys.executable, "-m", "training", "evaluate", "--json"]
    with subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as told:
        assert told.stdout
        assert told.stderr
        told.stdout.close()
        assert told.stderr.read().decode() == ""
    assert told.returncode == 0
