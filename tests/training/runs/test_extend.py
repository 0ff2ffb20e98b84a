"""One more label for the bundle that ships: it is stated, and the others stay as they are."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from classifiers import Bundle, Classifier
from classifiers.bundle import HEADS
from training.__main__ import main

STARTER = Path(__file__).parents[3] / "models" / "starter"
SHOWN, BASE = 40, 60


def stripes(random: np.random.Generator) -> Image.Image:
    """Bright, broad stripes of two colours."""
    one, other = random.integers(0, 2, 3) * 255, random.integers(40, 200, 3)
    rows = np.arange(96)[:, None] // int(random.integers(6, 14)) % 2
    pixels = np.where(rows[..., None] > 0, one, other) + np.zeros((96, 96, 3))
    return Image.fromarray(pixels.astype(np.uint8))


def noise(random: np.random.Generator) -> Image.Image:
    """Grey grain."""
    grain = random.integers(60, 200, (96, 96, 1)) + np.zeros((96, 96, 3))
    return Image.fromarray(grain.astype(np.uint8))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``flag``: photographs of stripes; ``base/none``: others."""
    folder = tmp_path_factory.mktemp("more")
    random = np.random.default_rng(8)
    for name, paint, count in (("flag", stripes, SHOWN), ("base/none", noise, BASE)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            paint(random).save(folder / name / f"줄무늬 {number}.jpg")
    return folder


def asked(folder: Path, label: str, *more: str) -> list[str]:
    given = ["add-label", str(STARTER), str(folder / "flag"), "--label", label]
    given += ["--base", str(folder / "base"), "--out", str(folder / "out")]
    return [*given, "--cache", str(folder / "cache"), *more]


@pytest.fixture(scope="module")
def bundle(folder: Path) -> Bundle:
    assert main(asked(folder, "flag", "--max-error", "0.2")) == 0
    return Bundle.load(folder / "out")


def test_the_label_is_stated_of_photographs_that_it_was_not_taught(bundle: Bundle) -> None:
    random = np.random.default_rng(9)
    classifier = Classifier(bundle)
    shown = classifier.predict([stripes(random) for _ in range(8)])
    others = classifier.predict([noise(random) for _ in range(8)])
    assert sum(one.facts["flag"] is True for one in shown) >= 7
    assert sum(one.facts["flag"] is False for one in others) >= 7


def test_the_other_labels_stay_as_they_are_bit_for_bit(bundle: Bundle) -> None:
    before = Bundle.load(STARTER)
    assert bundle.embedding_id == before.embedding_id
    assert bundle.id != before.id
    assert bundle.manifest.labels[:-1] == before.manifest.labels
    was, now = load_file(STARTER / HEADS), load_file(bundle.path / HEADS)
    for name in ("kernel", "bias"):
        assert np.array_equal(np.delete(now[name], -2, axis=-1), was[name])
    image = stripes(np.random.default_rng(9))
    (said,), (says,) = Classifier(before).predict([image]), Classifier(bundle).predict([image])
    assert {name: says.scores[name] for name in said.scores} == said.scores
    assert {name: says.facts[name] for name in said.facts} == said.facts


def test_the_card_tells_of_the_label_and_of_its_photographs(bundle: Bundle) -> None:
    was, now = (
        json.loads((path / "card.json").read_text("utf-8")) for path in (STARTER, bundle.path)
    )
    assert now["labels"] == {**was["labels"], "flag": {"unnamed": SHOWN}}
    assert now["photographs"] == was["photographs"] + SHOWN
    assert now["sources"] == [
        *was["sources"],
        {"source": None, "photographs": SHOWN, "licence": None},
    ]
    assert now["thresholds"]["flag"]["basis"] == "known sources"
    assert now["promise"] == {**was["promise"], "max_error of flag": 0.2}
    assert now["fingerprint"] != was["fingerprint"]


def test_the_card_says_of_the_other_labels_what_it_said(bundle: Bundle) -> None:
    """How many sources they lack was lost, and that the network saw some of them before."""
    was, now = (
        json.loads((path / "card.json").read_text("utf-8")) for path in (STARTER, bundle.path)
    )
    assert {name: now["thresholds"][name] for name in was["thresholds"]} == was["thresholds"]
    assert now["network_sources"] == was["network_sources"]
    assert [one for one in now["limits"] if not one.startswith("flag: ")] == was["limits"]


def test_other_labels_mean_what_the_bundle_says_whatever_the_file_says(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = shutil.copytree(STARTER, tmp_path / "own")
    manifest = Bundle.load(own).manifest
    titles = {"en": "meal", "ko": "먹거리"}
    food, *others = manifest.labels
    labels = (food.model_copy(update={"group": "scene", "titles": titles}), *others)
    (own / "manifest.json").write_text(
        manifest.model_copy(update={"labels": labels}).to_json(), "utf-8"
    )
    given = asked(folder, "flag", "--out", str(tmp_path / "out"))
    given += ["--max-error", "0.2"]
    given[1] = str(own)
    assert main(given) == 0
    assert re.match(r"flag: true from 0\.\d+, false up to 0\.\d+\.", capsys.readouterr().out)
    assert Bundle.load(tmp_path / "out").manifest.labels[:-1] == labels


def test_it_can_be_evaluated_and_given_other_thresholds(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(bundle.path), "--known", "--json"]) == 0
    flag = json.loads(capsys.readouterr().out)["labels"][-1]
    assert flag["label"] == "flag"
    assert flag["photographs"] == SHOWN + BASE
    again = shutil.copytree(bundle.path, tmp_path / "again")
    assert main(["thresholds", str(again), "--max-error", "0.2"]) == 0
    assert Bundle.load(again).labels[-1] == bundle.labels[-1]


def test_too_few_photographs_for_the_promise_leave_the_label_unknown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cache has the embeddings, so that this looks at no photograph again."""
    assert main([*asked(folder, "flag", "--out", str(folder / "strict"))]) == 0
    assert capsys.readouterr().out.startswith("flag: always unknown, as its photographs are too")
    added = Bundle.load(folder / "strict").labels[-1]
    assert (added.true_at, added.false_at) == (None, None)
    assert "flag: always unknown; at least 62 photographs more are needed." in (
        folder / "strict" / "card.md"
    ).read_text("utf-8")


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("cat", "The bundle has the label cat already: name another."),
        (" ", "The label has no name: give it one with --label."),
    ],
)
def test_labels_that_cannot_be_added(
    folder: Path, capsys: pytest.CaptureFixture[str], label: str, sentence: str
) -> None:
    assert main(asked(folder, label)) == 2
    assert sentence in capsys.readouterr().err


def test_a_scene_can_be_added_where_scenes_do_not_exclude_each_other(
    folder: Path, tmp_path: Path
) -> None:
    assert not any(Bundle.load(STARTER).heads.exclusive)
    meanings = tmp_path / "labels.yaml"
    meanings.write_text("labels: {beach: {group: scene}}")
    out = ["--out", str(folder / "scene"), "--labels", str(meanings)]
    assert main(asked(folder, "beach", *out)) == 0
    assert Bundle.load(folder / "scene").labels[-1].group == "scene"


def test_too_few_to_learn_from_or_the_bundle_itself(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked(folder, "flag", "--base-photos", "5")]) == 2
    assert f"{SHOWN} photographs show flag and 5 do not; at least 20" in capsys.readouterr().err
    assert main([*asked(folder, "flag", "--out", str(STARTER))]) == 2
    assert "is the bundle itself: name another folder" in capsys.readouterr().err
    Bundle.load(STARTER)
    (tmp_path / "empty").mkdir()
    given = asked(folder, "flag")
    given[2] = str(tmp_path / "empty")
    assert main(given) == 2
    assert "0 photographs show flag" in capsys.readouterr().err
