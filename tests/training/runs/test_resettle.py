"""A bundle is calibrated and its thresholds are chosen anew from what it keeps, in a second."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from classifiers import Bundle
from tests.training.conftest import SmallDisk
from training.__main__ import main
from training.data.labels import DEFAULT_LABELS, Meaning, Meanings, read_meanings
from training.promise import holdout
from training.promise.calibrate import ISOTONIC, PLATT, TEMPERATURE, way_of
from training.promise.holdout import HeldBack
from training.promise.thresholds import Promise, promise_facts, promises, promises_of
from training.report.metrics import measure
from training.runs.resettle import recalibrate, resettle

STARTER = Path(__file__).parents[3] / "models" / "starter"
MEANINGS = read_meanings(DEFAULT_LABELS)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "starter"))


@pytest.fixture(scope="module")
def thinned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter as if a fifth of the photographs had been held back: five times as fast."""
    folder = Path(shutil.copytree(STARTER, tmp_path_factory.mktemp("thin") / "starter"))
    held = holdout.of_bundle(Bundle.load(folder))
    kept = slice(None, None, 5)
    few = HeldBack(
        new=held.new[kept],
        known=held.known[kept],
        truth=held.truth[kept],
        unseen=held.unseen[kept],
        sources=held.sources[kept],
        families=held.families[kept],
    )
    content = holdout.to_bytes(few)
    (folder / holdout.FILE_NAME).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"][holdout.FILE_NAME] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    resettle(folder, Promise(), MEANINGS)
    return folder


@pytest.fixture
def thin(thinned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(thinned, tmp_path / "starter"))


def with_canary(folder: Path, canary: tuple[float, ...]) -> None:
    path = folder / "manifest.json"
    named = Bundle.load(folder).manifest.model_copy(update={"canary": canary})
    path.write_text(named.to_json(), "utf-8")


def test_the_same_promise_gives_the_bundle_that_ships(bundle: Path) -> None:
    """Its canary, too, where it has to be measured."""
    with_canary(bundle, ())
    assert resettle(bundle, Promise(), MEANINGS).manifest == Bundle.load(STARTER).manifest


def test_a_canary_stays_as_it_was_measured_elsewhere(thin: Path) -> None:
    first, *others = Bundle.load(thin).manifest.canary
    elsewhere = (round(first + 1, 4), *others)
    with_canary(thin, elsewhere)
    assert resettle(thin, Promise(), MEANINGS).manifest.canary == elsewhere


def test_a_canary_is_measured_anew_where_a_label_is_in_another_group(thin: Path) -> None:
    """In a bundle whose scenes exclude each other, other heads would compete."""
    first, *others = Bundle.load(thin).manifest.canary
    with_canary(thin, (round(first + 1, 4), *others))
    mountain = MEANINGS.labels["mountain"]
    assert mountain.group == "scene"
    thing = mountain.model_copy(update={"group": "object"})
    meanings = MEANINGS.model_copy(update={"labels": {**MEANINGS.labels, "mountain": thing}})
    assert resettle(thin, Promise(), meanings).manifest.canary == (first, *others)


def test_a_stricter_promise_states_less_and_the_network_stays(bundle: Path) -> None:
    before = Bundle.load(STARTER)
    after = resettle(bundle, Promise(0.02, 0.95), MEANINGS)
    assert after.embedding_id == before.embedding_id
    assert after.id != before.id
    for name in ("food", "drink"):  # theirs rest on new sources under either promise
        was, now = (
            next(one.true_at for one in bundle.labels if one.name == name)
            for bundle in (before, after)
        )
        assert was is not None
        assert now is not None
        assert now > was


def test_the_card_says_what_is_promised(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["thresholds", str(bundle), "--max-error", "0.1"]) == 0
    out = capsys.readouterr().out
    assert "at most 10% of the facts stated are" in out


def test_labels_mean_what_the_bundle_says_unless_a_file_is_named(
    thin: Path, tmp_path: Path
) -> None:
    """A bundle from a labels file of its own kept neither titles nor groups nor promises."""
    manifest = Bundle.load(thin).manifest
    own = {"group": "object", "parent": "animal", "titles": {"en": "peak", "ko": "봉우리"}}
    labels = tuple(
        one.model_copy(update=own if one.name == "mountain" else {}) for one in manifest.labels
    )
    promise = {**manifest.promise, "max_error of mountain": 0.2}
    told = manifest.model_copy(update={"labels": labels, "promise": promise})
    (thin / "manifest.json").write_text(told.to_json(), "utf-8")
    meant = [(one.name, one.group, one.parent, one.titles) for one in labels]
    for command in (["thresholds"], ["calibrate", "--way", PLATT]):
        assert main([*command, str(thin)]) == 0
        again = Bundle.load(thin).manifest
        assert [(one.name, one.group, one.parent, one.titles) for one in again.labels] == meant
        assert again.promise == promise
    file = tmp_path / "labels.yaml"
    file.write_text("labels: {mountain: {group: scene, ko: 산}}", "utf-8")
    assert main(["thresholds", str(thin), "--labels", str(file)]) == 0
    (mountain,) = (one for one in Bundle.load(thin).labels if one.name == "mountain")
    assert (mountain.group, mountain.parent, mountain.titles["ko"]) == ("scene", None, "산")


def test_a_label_may_have_a_looser_promise_never_a_stricter_one() -> None:
    meanings = Meanings(labels={"a": Meaning(max_error=0.2), "b": Meaning(max_error=0.01)})
    found = meanings.max_errors(["a", "b", "c"])
    assert [p.max_error for p in promises(["a", "b", "c"], Promise(0.05), found)] == [
        0.2,
        0.05,
        0.05,
    ]
    assert promise_facts(Promise(0.05, 0.9), found) == {
        "max_error": 0.05,
        "confidence": 0.9,
        "max_error of a": 0.2,
    }


def test_what_was_promised_is_promised_of_each_label_again() -> None:
    facts = promise_facts(Promise(0.05, 0.9), {"b": 0.2})
    assert promises_of(["a", "b"], facts) == [Promise(0.05, 0.9), Promise(0.2, 0.9)]


def test_the_starter_is_calibrated_in_the_way_that_fits_best(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (bundle / "manifest.json").read_bytes()
    assert main(["calibrate", str(bundle)]) == 0
    out = capsys.readouterr().out
    assert "The lowest Brier score is that of platt. The bundle is calibrated by platt." in out
    assert "stays as it is" in out
    assert (bundle / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("way", [TEMPERATURE, ISOTONIC])
def test_another_calibration_is_written_with_thresholds_of_its_scores(
    thin: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Bundle.load(thin)
    assert main(["calibrate", str(thin), "--way", way]) == 0
    after = Bundle.load(thin)
    assert f"{after.id} is in {thin}: calibrated by {way}" in capsys.readouterr().out
    assert way_of(after.heads.calibrations) == way
    assert after.embedding_id == before.embedding_id
    assert after.manifest.promise == before.manifest.promise
    held = holdout.of_bundle(after)
    scores = after.heads.calibrated(held.known)
    assert not np.allclose(scores, before.heads.calibrated(held.known), atol=0.01)
    each, _ = measure(after.labels, scores, held.truth)
    said = after.manifest.metrics["known_sources"]["labels"]
    assert [one.wrong_true for one in each] == [row["wrong_true"] for row in said]
    most = max(each, key=lambda one: one.shown)
    assert most.wrong_true is not None
    assert most.wrong_true <= 0.05
    words = {TEMPERATURE: "temperature-scaled", ISOTONIC: "calibrated by isotonic regression"}
    assert f"Scores are {words[way]} on the same." in (thin / "card.md").read_text("utf-8")


def test_thresholds_leave_the_way_as_it_is_and_platts_gives_the_first_bundle_back(
    thin: Path,
) -> None:
    before = (thin / "manifest.json").read_bytes()
    recalibrate(thin, ISOTONIC, MEANINGS)
    resettle(thin, Promise(0.1, 0.95), MEANINGS)
    assert way_of(Bundle.load(thin).heads.calibrations) == ISOTONIC
    resettle(thin, Promise(), MEANINGS)
    recalibrate(thin, PLATT, MEANINGS)
    assert (thin / "manifest.json").read_bytes() == before


def test_a_full_disk_leaves_the_bundle_as_it_was(
    thin: Path, small_disk: SmallDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hours of training were lost with the first file that could not be written whole."""
    before = {path.name: path.read_bytes() for path in thin.iterdir()}
    with small_disk(8192):
        assert main(["thresholds", str(thin), "--max-error", "0.1"]) == 2
    assert "cannot be read or written" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in thin.iterdir()} == before


def test_a_dry_run_only_tells(thin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (thin / "manifest.json").read_bytes()
    assert main(["calibrate", str(thin), "--way", ISOTONIC, "--dry-run"]) == 0
    assert "| isotonic |" in capsys.readouterr().out
    assert (thin / "manifest.json").read_bytes() == before


def test_a_bundle_without_a_card_is_not_calibrated(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    del manifest["files"]["card.json"]
    (bundle / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert main(["calibrate", str(bundle)]) == 2
    assert "has no card.json" in capsys.readouterr().err


def test_a_bundle_that_keeps_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["thresholds", str(tmp_path)]) == 2
    assert "is no model bundle" in capsys.readouterr().err
