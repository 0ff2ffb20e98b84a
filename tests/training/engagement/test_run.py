"""Thumbnails to a card, sheets and a bundle, and what that says of a picture."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.thumbnails.channels import SIZE, write_channels
from thumbnails import Engagement, ThumbnailBundleError
from training.__main__ import main


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_channels(tmp_path_factory.mktemp("channels") / "data", 24, 2, effect=4)


@pytest.fixture(scope="module")
def bundle(data: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundles") / "views"
    assert main(["engagement", str(data), "--out", str(out), "--cache", str(cache)]) == 0
    return out


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """One as those with few views, and one as those with many."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = []
    for red in (0.05, 0.95):
        noise = np.random.default_rng(9).integers(-30, 30, (SIZE[1], SIZE[0], 3))
        pixels = np.clip(np.array([40 + 200 * red, 120, 120]) + noise, 0, 255)
        path = folder / f"{red}.jpg"
        Image.fromarray(pixels.astype(np.uint8)).resize((192, 108)).save(path, quality=90)
        paths.append(str(path))
    return paths[0], paths[1]


def test_the_card_says_whether_there_is_an_effect(bundle: Path) -> None:
    card = (bundle / "card.md").read_text("utf-8")
    assert "48 videos of 24 channels" in card
    assert "**An effect was found: beside age and channel size" in card
    assert Engagement.load(bundle).manifest.found
    assert {"plot.png", "more.jpg", "fewer.jpg"} <= {file.name for file in bundle.iterdir()}


def test_the_same_videos_give_the_same_bundle(
    data: Path, bundle: Path, cache: Path, tmp_path: Path
) -> None:
    out = tmp_path / "views"
    assert main(["engagement", str(data), "--out", str(out), "--cache", str(cache)]) == 0
    for name in ("manifest.json", "picture.safetensors", "card.md", "more.jpg"):
        assert (out / name).read_bytes() == (bundle / name).read_bytes()


def test_a_picture_gets_a_score_beside_what_is_known(
    bundle: Path, cache: Path, pictures: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["engagement", "predict", str(bundle), *pictures, "--cache", str(cache)]
    assert main([*asked, "--json"]) == 0
    few, many = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert few["factor"] < 1 < many["factor"]
    assert few["above"] < many["above"]
    assert (many["target"], many["found"], many["error"]) == ("views", True, None)
    assert main(asked) == 0
    first, _, last = capsys.readouterr().out.splitlines()
    assert first.startswith("An effect was found")
    assert "views of what age and size say" in last


def test_what_cannot_be_scored_is_told(
    bundle: Path, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "a.jpg"
    broken.write_text("no picture")
    asked = ["engagement", "predict", str(bundle), str(broken), "--cache", str(cache)]
    assert main([*asked, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]
    assert main(["engagement", "predict", str(bundle)]) == 2
    assert main(["engagement", str(bundle)]) == 2
    assert "--out" in capsys.readouterr().err


def test_few_channels_are_refused(
    tmp_path: Path, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_channels(tmp_path / "data", 3, 1, effect=0)
    asked = ["engagement", str(data), "--out", str(tmp_path / "out"), "--cache", str(cache)]
    assert main(asked) == 2
    assert "20 are needed" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["picture.safetensors", "card.md"])
def test_a_changed_file_is_refused(bundle: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    with (copy / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ThumbnailBundleError, match=f"{name} is not the file"):
        Engagement.load(copy)


def test_another_networks_pictures_are_not_scored(
    bundle: Path, cache: Path, pictures: tuple[str, str], tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    told = json.loads((copy / "manifest.json").read_text("utf-8"))
    (copy / "manifest.json").write_text(json.dumps(told | {"embedding_id": "another"}), "utf-8")
    asked = ["engagement", "predict", str(copy), pictures[0], "--cache", str(cache)]
    assert main(asked) == 2
