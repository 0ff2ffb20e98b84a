"""Options that no run can use, and files that cannot be written, end in one sentence."""

from __future__ import annotations

import argparse
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest

from classifiers.bundle import NETWORK, WEIGHTS
from rules.__main__ import _parser as rules_parser
from training.__main__ import main
from training.commands.options import STARTER
from training.commands.parser import build_parser, run
from training.errors import TrainingError, of_file
from training.fit.backbones import BACKBONES, random_start
from training.fit.network import save_network

ROOT = Path(__file__).resolve().parents[3]
CAT = ROOT / "demo" / "photos" / "cat.jpg"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["evaluate", "--corrections", "c.csv"], "--corrections is of photographs"),
        (["evaluate", str(STARTER), "photos", "--known"], "--known is of what was held back"),
        (["train", "photos", "--out", "o", "--epochs", "9"], "--epochs is of fine-tuning"),
        (["engagement", "d", "--out", "o", "--epochs", "9"], "are of fine-tuning: add --fine-tune"),
        (["engagement", "d", "--out", "o", "--resume", "r"], "are of fine-tuning: add --fine-tune"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures looked as if it had been heeded."""
    assert run(asked) == 2
    assert said in capsys.readouterr().err


def _arguments(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    """Every argument of a parser and of those of its commands, with the command's words."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _arguments(command)
        else:
            yield f"{parser.prog} {'/'.join(action.option_strings) or action.dest}", action


@pytest.mark.parametrize("parser", [build_parser(), rules_parser()], ids=["training", "rules"])
def test_help_tells_of_every_argument_and_names_what_it_is_otherwise(
    parser: argparse.ArgumentParser,
) -> None:
    silent, unnamed = [], []
    for name, action in _arguments(parser):
        usual, told = action.default, action.help or ""
        if not told:
            silent.append(name)
        elif usual not in (None, False, "", []) and usual != argparse.SUPPRESS:
            said = usual.name if isinstance(usual, Path) else f"{usual}".removesuffix(".0")
            if said not in told:
                unnamed.append(f"{name}: {said}")
    assert (silent, unnamed) == ([], [])


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
