"""Two networks side by side, from a folder of photographs to the table and the plot.

TensorFlow is imported; the networks have two layers (``tests/training/small.py``).
"""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.training.small import SIDE, small_networks, two_layers
from training.__main__ import main
from training.fit.backbones import BACKBONES
from training.runs.compare import BINARY, CLASSES, LABELS, ROWS, SCRATCH, weights_file
from training.runs.comparison import PLOT, TABLE

FIRST, SECOND = "mobilenetv2", "resnet50v2"
DIMENSIONS = {FIRST: 48, SECOND: 64}

pytestmark = pytest.mark.timeout(300)  # on a busy machine, TensorFlow's import alone takes long


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    with small_networks(DIMENSIONS):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``weights`` holds a file for the first network only."""
    import keras

    folder = tmp_path_factory.mktemp("compare")
    (folder / "weights").mkdir()
    keras.utils.set_random_seed(7)
    first = two_layers(BACKBONES[FIRST])((SIDE, SIDE, 3), weights=None, include_top=False)
    first.save_weights(folder / "weights" / weights_file(BACKBONES[FIRST]))
    return folder


def asked(album: Path, folder: Path, *more: str) -> list[str]:
    given = ["compare", str(album), "--out", str(folder / "out"), "--photos", "90"]
    given += ["--cache", str(folder / "cache"), "--weights-dir", str(folder / "weights")]
    return [*given, "--scratch-size", "32", "--scratch-epochs", "1", *more]


def rows_in(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "out" / ROWS).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def compared(album: Path, folder: Path) -> Path:
    assert main(asked(album, folder, "--backbones", FIRST, "--from-scratch")) == 0
    assert main(asked(album, folder, "--backbones", f"{FIRST}, {SECOND}")) == 0
    return folder


def test_each_network_is_measured_in_each_way(compared: Path) -> None:
    found = [
        (row["backbone"], row["way"], row["weights"], row["size"]) for row in rows_in(compared)
    ]
    assert found == [
        (FIRST, BINARY, "ImageNet", SIDE),
        (FIRST, CLASSES, "ImageNet", SIDE),
        (FIRST, LABELS, "ImageNet", SIDE),
        (FIRST, SCRATCH, "random", SIDE),
        (SECOND, BINARY, "random", SIDE),
        (SECOND, CLASSES, "random", SIDE),
        (SECOND, LABELS, "random", SIDE),
    ]


def test_figures_are_shares_with_intervals_and_what_it_costs_is_more_than_nothing(
    compared: Path,
) -> None:
    for row in rows_in(compared):
        assert set(row["scored"]) == {"accuracy", "macro F1", "mean AP"}
        for here, low, high in row["scored"].values():
            assert 0 <= low <= here <= high <= 1
        assert row["images_a_second"] > 0
        assert row["megabytes"] > 0
        assert row["seconds"] > 0


def test_heads_learn_colours_even_of_random_features(compared: Path) -> None:
    """Photographs of one colour a label: what guesses by frequency has a precision of about .3."""
    for row in rows_in(compared):
        if row["way"] in {LABELS, BINARY}:
            assert row["scored"]["mean AP"][0] > 0.8


def test_the_table_and_the_plot_tell_of_every_row(compared: Path) -> None:
    table = (compared / "out" / TABLE).read_text("utf-8")
    assert len(table.splitlines()) == 2 + 7
    assert f"| {SECOND} | {LABELS} | random | {SIDE} |" in table
    plot = (compared / "out" / PLOT).read_bytes()
    assert ET.fromstring(plot).tag.endswith("svg")  # noqa: S314 (drawn a line above)
    assert f"{SECOND} (random weights)".encode() in plot


def test_a_run_that_is_repeated_trains_nothing_again(
    compared: Path, album: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (compared / "out" / ROWS).read_bytes()
    assert main(asked(album, compared, "--backbones", f"{FIRST},{SECOND}")) == 0
    assert (compared / "out" / ROWS).read_bytes() == before
    assert "macro F1 0." not in capsys.readouterr().out


def test_a_run_that_was_stopped_goes_on_where_it_was(compared: Path, album: Path) -> None:
    path = compared / "out" / ROWS
    before = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(before[:-1]) + "\n", "utf-8")
    assert main(asked(album, compared, "--backbones", SECOND)) == 0
    again = path.read_text("utf-8").splitlines()
    assert again[:-1] == before[:-1]
    assert json.loads(again[-1])["scored"] == json.loads(before[-1])["scored"]


def test_rows_of_other_photographs_are_never_in_one_table(
    compared: Path, album: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table said of 60 photographs what had been measured of 90."""
    before = (compared / "out" / ROWS).read_bytes()
    for more in (["--photos", "60"], ["--seed", "1"]):
        assert main(asked(album, compared, "--backbones", FIRST, *more)) == 2
        assert "holds a comparison of other photographs" in capsys.readouterr().err
    assert (compared / "out" / ROWS).read_bytes() == before


def test_what_was_measured_with_random_weights_is_measured_again_with_a_file(
    compared: Path, album: Path, tmp_path: Path
) -> None:
    shutil.copytree(compared / "out", tmp_path / "out")
    kept = [json.loads(line) for line in (tmp_path / "out" / ROWS).read_text("utf-8").splitlines()]
    for row in kept:
        row["weights"] = "random"
    (tmp_path / "out" / ROWS).write_text("\n".join(map(json.dumps, kept)) + "\n", "utf-8")
    given = asked(album, compared, "--backbones", FIRST)
    given[given.index("--out") + 1] = str(tmp_path / "out")
    assert main(given) == 0
    again = {(row["backbone"], row["way"]): row["weights"] for row in rows_in(tmp_path)}
    assert {again[FIRST, way] for way in (BINARY, CLASSES, LABELS)} == {"ImageNet"}
    assert len(again) == len(kept)


def test_rows_that_cannot_be_read_are_told(
    album: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ROWS).write_text('{"backbone": "mobil', "utf-8")
    given = asked(album, folder, "--backbones", FIRST)
    given[given.index("--out") + 1] = str(tmp_path)
    assert main(given) == 2
    assert f"{ROWS} cannot be read" in capsys.readouterr().err


def test_an_unknown_backbone_is_named(
    album: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked(album, folder, "--backbones", f"{FIRST},mobilnet")) == 2
    assert "mobilnet is no backbone: choose from efficientnetb0," in capsys.readouterr().err


def test_photographs_without_a_label_are_nothing_to_compare(
    album: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none").mkdir()
    for photo in list(album.glob("none-*.png"))[:5]:
        (tmp_path / "none" / photo.name).write_bytes(photo.read_bytes())
    given = asked(tmp_path, folder, "--backbones", FIRST, "--out", str(tmp_path / "out"))
    assert main(given) == 2
    assert "None of the photographs has a label" in capsys.readouterr().err
