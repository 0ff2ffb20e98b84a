"""From a folder of photographs to a bundle that serves.

TensorFlow is imported; the network has two layers (``tests/training/small.py``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from classifiers import Bundle, BundleError, Classifier
from tests.training.conftest import COLOURS, SmallDisk, painted
from tests.training.small import LOWER, SIDE, small_networks, two_layers
from training.__main__ import main
from training.errors import TrainingError
from training.fit.backbones import BACKBONES, pretrained
from training.fit.upper import MAPS, TUNED

NAME, OTHER = "mobilenetv2", "inceptionv3-mixed8"

pytestmark = pytest.mark.timeout(300)  # on a busy machine, TensorFlow's import alone takes long


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    with small_networks({NAME: 48, OTHER: 64}):
        yield


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights in the form of the downloaded ones."""
    import keras

    keras.utils.set_random_seed(1)
    path = tmp_path_factory.mktemp("weights") / "own.weights.h5"
    build = two_layers(BACKBONES[NAME])
    build((SIDE, SIDE, 3), weights=None, include_top=False).save_weights(path)
    return path


@pytest.fixture(scope="module")
def chosen(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The network, and a cache in which it is exported once for all tests here."""
    network = ["--backbone", NAME, "--weights", str(weights)]
    return [*network, "--cache", str(tmp_path_factory.mktemp("cache"))]


@pytest.fixture(scope="module")
def bundle(album: Path, chosen: list[str], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    out = tmp_path_factory.mktemp("bundles") / "album"
    assert main(["train", str(album), "--out", str(out), *chosen]) == 0
    return Bundle.load(out)


def test_the_bundle_knows_its_labels(bundle: Bundle) -> None:
    assert bundle.id.startswith("album-")
    assert [label.name for label in bundle.labels] == ["food", "animal", "cat", "sea"]
    assert [label.titles["ko"] for label in bundle.labels] == ["음식", "동물", "고양이", "바다"]
    assert [label.parent for label in bundle.labels] == [None, None, "animal", None]
    assert bundle.dimension == BACKBONES[NAME].dimension


def test_the_bundle_serves(bundle: Bundle) -> None:
    (prediction,) = Classifier(bundle, threads=1).predict([Image.new("RGB", (90, 70), "red")])
    assert set(prediction.scores) == {"food", "animal", "cat", "sea"}


def test_too_few_photographs_stay_unknown(bundle: Bundle) -> None:
    assert all(label.true_at is None and label.false_at is None for label in bundle.labels)
    card = json.loads((bundle.path / "card.json").read_text("utf-8"))
    assert any(s.startswith("food: never stated true nor false") for s in card["limits"])


def test_without_a_promise_the_card_says_how_many_sources_are_missing(bundle: Bundle) -> None:
    """Three sources are worth thirty trials at most, however many photographs they have."""
    card = json.loads((bundle.path / "card.json").read_text("utf-8"))
    for label in bundle.labels:
        missing = card["thresholds"][label.name]["missing_sources"]
        assert missing > 3
        (said,) = (one for one in card["limits"] if one.startswith(f"{label.name}: never stated"))
        assert said.endswith(f"at least {missing} sources more are needed.")


def test_sources_that_choose_nothing_are_told_in_a_resplit(
    bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resplit", str(bundle.path), "--splits", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    assert [line.split(" | ")[:3] for line in lines] == [
        [f"| {label.name}", "0", "–"] for label in bundle.labels
    ]


@pytest.fixture(scope="module")
def integers(album: Path, chosen: list[str], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The same in eight bits; that NNCF is imported takes about two seconds."""
    out = tmp_path_factory.mktemp("bundles") / "integers"
    assert main(["train", str(album), "--out", str(out), "--int8", *chosen]) == 0
    return Bundle.load(out)


def test_heads_are_fitted_to_the_network_in_eight_bits(bundle: Bundle, integers: Bundle) -> None:
    manifest = integers.manifest
    assert (manifest.format, manifest.precision) == (3, "int8")
    assert bundle.manifest.precision == "float32"
    assert integers.embedding_id != bundle.embedding_id
    pixels = np.full((40, 40, 3), COLOURS["cat"], np.uint8)
    exact, rounded = (
        Classifier(one, threads=1).predict([Image.fromarray(pixels)])[0]
        for one in (bundle, integers)
    )
    assert float(exact.embedding @ rounded.embedding) > 0.99
    assert not np.array_equal(exact.embedding, rounded.embedding)
    held = {row["label"]: row for row in manifest.metrics["known_sources"]["labels"]}
    assert held["cat"]["average_precision"] > 0.9


def test_it_names_what_a_machine_that_serves_it_must_compute(integers: Bundle) -> None:
    """A classifier of it compares these log-odds with its own before it answers anything."""
    assert len(integers.manifest.canary) == len(integers.labels)
    otherwise = [one + 1 for one in integers.manifest.canary]
    manifest = integers.manifest.model_copy(update={"canary": tuple(otherwise)})
    with pytest.raises(BundleError, match="computes the network otherwise"):
        Classifier(replace(integers, manifest=manifest), threads=1)


@pytest.fixture(scope="module")
def sharp(
    album: Path, bundle: Bundle, chosen: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    """Heads on the network of another bundle, which look at places."""
    out = tmp_path_factory.mktemp("bundles") / "sharp"
    asked = ["--network", str(bundle.path), "--sharpness", "0.05", "--cache", chosen[-1]]
    assert main(["train", str(album), "--out", str(out), *asked]) == 0
    return Bundle.load(out)


def test_heads_that_look_at_places_need_a_program_that_knows_them(
    bundle: Bundle, sharp: Bundle
) -> None:
    assert (bundle.manifest.format, sharp.manifest.format) == (1, 4)
    assert sharp.heads.sharpness == (0.05,) * 4
    assert not any(sharp.heads.exclusive)
    assert any(bundle.heads.exclusive)
    assert sharp.embedding_id == bundle.embedding_id
    written = json.loads((bundle.path / "manifest.json").read_text("utf-8"))
    assert "exclusive_scenes" not in written
    assert "sharpness" not in written["labels"][0]


def test_what_was_measured_of_places_is_what_is_served(
    sharp: Bundle, album: Path, chosen: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """``evaluate`` looks at the places, too."""
    assert main(["evaluate", str(sharp.path), str(album), "--json", "--cache", chosen[-1]]) == 0
    told = {row["label"]: row for row in json.loads(capsys.readouterr().out)["labels"]}
    assert told["cat"]["average_precision"] > 0.9
    held = {row["label"]: row for row in sharp.manifest.metrics["known_sources"]["labels"]}
    assert held["cat"]["average_precision"] > 0.9


def test_thresholds_chosen_anew_leave_the_heads_alone(sharp: Bundle, tmp_path: Path) -> None:
    copy = tmp_path / "sharp"
    shutil.copytree(sharp.path, copy)
    assert main(["thresholds", str(copy), "--max-error", "0.2"]) == 0
    found = Bundle.load(copy)
    assert found.heads.sharpness == sharp.heads.sharpness
    assert found.heads.exclusive == sharp.heads.exclusive


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--sharpness", "-1"], "from 0.0001 to 10"),
        (["--sharpness", "11"], "from 0.0001 to 10"),
        (["--sharpness", "0.1", "--fine-tune"], "heads alone"),
    ],
)
def test_a_sharpness_that_cannot_be_is_told(
    album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str], said: str
) -> None:
    assert main(["train", str(album), "--out", str(tmp_path / "out"), *asked]) != 0
    assert said in capsys.readouterr().err


def test_a_scene_is_not_added_to_scenes_that_exclude_each_other(
    bundle: Bundle, album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meanings = tmp_path / "labels.yaml"
    meanings.write_text("labels: {beach: {group: scene}}")
    asked = ["add-label", str(bundle.path), str(album), "--base", str(album), "--label", "beach"]
    assert main([*asked, "--labels", str(meanings), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "beach is a scene, and scenes exclude each other: train the bundle anew." in said


def upper(album: Path, out: Path, *chosen: str) -> Bundle:
    """A bundle whose upper layers were fine-tuned, in eight bits."""
    asked = ["--train-from", LOWER, "--epochs", "2", "--int8"]
    assert main(["train", str(album), "--out", str(out), *asked, *chosen]) == 0
    return Bundle.load(out)


@pytest.fixture(scope="module")
def fine_tuned(album: Path, chosen: list[str], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return upper(album, tmp_path_factory.mktemp("bundles") / "upper", *chosen)


def test_upper_layers_are_tuned_and_measured_as_they_are_served(
    fine_tuned: Bundle, integers: Bundle
) -> None:
    assert fine_tuned.manifest.precision == "int8"
    assert fine_tuned.embedding_id != integers.embedding_id
    for kind in ("left_out", "known_sources"):
        for row in fine_tuned.manifest.metrics[kind]["labels"]:
            assert row["photographs"] == 120
            assert row["average_precision"] > 0.9
    # No network saw a source of what it is measured on.
    assert fine_tuned.manifest.metrics["unseen_sources"]["labels"][0]["photographs"] == 120
    assert "in a run before" not in (fine_tuned.path / "card.md").read_text("utf-8")


def test_a_run_that_was_stopped_goes_on_and_ends_alike(
    album: Path, chosen: list[str], fine_tuned: Bundle, tmp_path: Path
) -> None:
    """What was lost is the network of one part, and the feature maps of one view."""
    cache = Path(chosen[-1])
    kept = [min(cache.glob(f"*/{kind}*")) for kind in (MAPS, TUNED)]
    others = [path for kind in (MAPS, TUNED) for path in cache.glob(f"*/{kind}*")]
    for path in kept:
        others.remove(path)
        path.unlink()
    times = [path.stat().st_mtime_ns for path in others]
    again = upper(album, tmp_path / "upper", *chosen)
    assert again.id == fine_tuned.id
    assert [path.stat().st_mtime_ns for path in others] == times
    assert all(path.exists() for path in kept)


def test_a_layer_that_the_network_lacks_is_named(
    album: Path, chosen: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["train", str(album), "--out", str(tmp_path / "try"), "--train-from", "mixed99"]
    assert main([*asked, *chosen]) == 2
    assert "no layer 'mixed99'" in capsys.readouterr().err


def test_fine_tuning_in_eight_bits_is_two_runs(
    album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["train", str(album), "--out", str(tmp_path / "try"), "--fine-tune", "--int8"]
    assert main(asked) == 2
    assert "--network BUNDLE --int8" in capsys.readouterr().err


def test_the_card_says_what_it_was_trained_on(bundle: Bundle) -> None:
    card = json.loads((bundle.path / "card.json").read_text("utf-8"))
    assert card["photographs"] == 120
    assert {row["source"]: row["photographs"] for row in card["sources"]} == {
        "camera 0": 40,
        "camera 1": 40,
        "camera 2": 40,
    }
    assert card["labels"]["cat"] == {"camera 0": 10, "camera 1": 10, "camera 2": 10}
    text = (bundle.path / "card.md").read_text("utf-8")
    assert "| food | 120 | 30 |" in text
    assert "CC0-1.0" in text


def test_what_was_held_back_can_be_evaluated(
    bundle: Bundle, album: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def figures(*options: str) -> Any:
        assert main(["evaluate", str(bundle.path), *options, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    held = figures()
    assert [row["label"] for row in held["labels"]] == ["food", "animal", "cat", "sea"]
    assert held["labels"][0]["photographs"] == 120
    assert figures("--sources", "camera 1")["labels"][0]["photographs"] == 40
    assert figures(str(album), "--sources", "camera 1")["labels"][0]["shown"] == 10


def test_predict_prints_a_line_an_image(
    bundle: Bundle, album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "글.jpg"
    text.write_text("no picture", "utf-8")
    photo = album / "food-사진-3.png"
    gone = tmp_path / "gone.jpg"
    files = [str(text), str(photo), str(gone)]
    assert main(["predict", "--json", "--bundle", str(bundle.path), *files]) == 0
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["file"], first["labels"]) == (str(text), {})
    assert "not an image" in first["error"]
    assert second["error"] is None
    assert set(second["labels"]["food"]) == {"score", "fact"}
    assert "No such file" in third["error"]


@pytest.fixture
def reviews(album: Path, tmp_path: Path) -> Path:
    """What moderators settled, as it is exported: ten new photographs of the sea, and an old one of
    which they say that it shows a cat, too."""
    folder = tmp_path / "reviews"
    folder.mkdir()
    random = np.random.default_rng(6)
    rows = [("sea-again.png", "sea|cat", "", "", "camera 0")]
    (folder / "sea-again.png").write_bytes((album / "sea-사진-0.png").read_bytes())
    for number in range(10):
        painted(COLOURS["sea"], random).save(folder / f"settled-{number}.png")
        rows.append((f"settled-{number}.png", "sea", "cat", "food|animal", f"author {number % 2}"))
    lines = ["file,labels,not,unknown,source", *(",".join(row) for row in rows)]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_what_moderators_settled_is_learned_too(
    album: Path,
    reviews: Path,
    bundle: Bundle,
    chosen: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "next"
    asked = ["train", str(album), "--also", str(reviews), "--out", str(out), *chosen]
    assert main(asked) == 0
    assert "sea-again.png: the same photograph as" in capsys.readouterr().err
    after = Bundle.load(out)
    card = json.loads((out / "card.json").read_text("utf-8"))
    assert card["photographs"] == 120 + 10
    assert {row["source"] for row in card["sources"]} >= {"camera 0", "author 0", "author 1"}
    assert card["labels"]["sea"] == {
        "camera 0": 10,
        "camera 1": 10,
        "camera 2": 10,
        "author 0": 5,
        "author 1": 5,
    }
    assert card["labels"]["cat"]["camera 0"] == 10 + 1  # of both folders, it has the labels of both
    known = {row["label"]: row for row in card["metrics"]["known_sources"]["labels"]}
    assert known["sea"]["photographs"] == 130
    assert known["food"]["photographs"] == 120  # nothing is known of the others' food
    assert known["cat"]["photographs"] == 130  # told not to be there
    assert after.manifest.fingerprint != bundle.manifest.fingerprint
    assert after.embedding_id == bundle.embedding_id


def test_a_run_that_fails_leaves_the_bundle_that_was_there(
    bundle: Bundle, album: Path, chosen: list[str], tmp_path: Path, small_disk: SmallDisk
) -> None:
    """What had been trained before was gone as soon as the new network was written."""
    out = Path(shutil.copytree(bundle.path, tmp_path / "out"))
    for folder in (out, tmp_path / "new"):
        with small_disk(3000):
            assert main(["train", str(album), "--out", str(folder), *chosen]) == 2
    assert Bundle.load(out).id == bundle.id
    assert {path.name for path in out.iterdir()} == {path.name for path in bundle.path.iterdir()}
    assert not (tmp_path / "new").exists()


def test_heads_can_be_tried_on_random_weights(album: Path, tmp_path: Path) -> None:
    asked = ["train", str(album), "--out", str(tmp_path / "try"), "--cache", str(tmp_path / "c")]
    chosen = ["--backbone", NAME, "--weights", "none"]
    assert main([*asked, *chosen]) == 0
    assert Bundle.load(tmp_path / "try").dimension == BACKBONES[NAME].dimension


def test_networks_from_random_weights_are_not_averaged(
    album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["train", str(album), "--out", str(tmp_path / "try"), "--weights", "none"]
    assert main([*asked, "--fine-tune"]) == 2
    assert "compare --from-scratch" in capsys.readouterr().err
    assert not (tmp_path / "try").exists()


def test_a_file_that_holds_no_weights_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.weights.h5"
    path.write_bytes(b"no weights")
    with pytest.raises(TrainingError, match="does not hold no-top weights of MobileNetV2"):
        pretrained(BACKBONES[NAME], SIDE, path)
    with pytest.raises(TrainingError, match="does not exist"):
        pretrained(BACKBONES[NAME], SIDE, tmp_path / "gone.h5")


def test_weights_of_another_network_are_told(weights: Path) -> None:
    with pytest.raises(TrainingError, match=f"belongs to --backbone {OTHER}"):
        pretrained(BACKBONES[OTHER], BACKBONES[OTHER].smallest, weights)
