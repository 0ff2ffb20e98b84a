"""A bundle is calibrated and its thresholds are chosen anew from what it keeps, in a second."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from classifiers import Bundle
from training.__main__ import main
from training.data.labels import DEFAULT_LABELS, Meaning, Meanings, read_meanings
from training.promise import holdout
from training.promise.calibrate import ISOTONIC, PLATT, TEMPERATURE, way_of
from training.promise.thresholds import Promise, promise_facts, promises, promises_of
from training.report.metrics import measure
from training.runs.resettle import recalibrate, resettle

STARTER = Path(__file__).parents[3] / "models" / "starter"
MEANINGS = read_meanings(DEFAULT_LABELS)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "starter"))


def test_the_same_promise_gives_the_bundle_that_ships(bundle: Path) -> None:
    assert resettle(bundle, Promise(), MEANINGS).manifest == Bundle.load(STARTER).manifest


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
    bundle: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Bundle.load(STARTER)
    assert main(["calibrate", str(bundle), "--way", way]) == 0
    after = Bundle.load(bundle)
    assert f"{after.id} is in {bundle}: calibrated by {way}" in capsys.readouterr().out
    assert way_of(after.heads.calibrations) == way
    assert after.embedding_id == before.embedding_id
    assert after.manifest.promise == before.manifest.promise
    held = holdout.of_bundle(after)
    scores = after.heads.calibrated(held.known)
    assert not np.allclose(scores, before.heads.calibrated(held.known), atol=0.01)
    each, _ = measure(after.labels, scores, held.truth)
    said = after.manifest.metrics["known_sources"]["labels"]
    assert [one.wrong_true for one in each] == [row["wrong_true"] for row in said]
    food = each[0]
    assert food.wrong_true is not None
    assert food.wrong_true <= 0.05
    words = {TEMPERATURE: "temperature-scaled", ISOTONIC: "calibrated by isotonic regression"}
    assert f"Scores are {words[way]} on the same." in (bundle / "card.md").read_text("utf-8")


def test_thresholds_leave_the_way_as_it_is_and_platts_gives_the_first_bundle_back(
    bundle: Path,
) -> None:
    shipped = (bundle / "manifest.json").read_bytes()
    recalibrate(bundle, ISOTONIC, MEANINGS)
    resettle(bundle, Promise(0.1, 0.95), MEANINGS)
    assert way_of(Bundle.load(bundle).heads.calibrations) == ISOTONIC
    resettle(bundle, Promise(), MEANINGS)
    recalibrate(bundle, PLATT, MEANINGS)
    assert (bundle / "manifest.json").read_bytes() == shipped


def test_a_dry_run_only_tells(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (bundle / "manifest.json").read_bytes()
    assert main(["calibrate", str(bundle), "--way", ISOTONIC, "--dry-run"]) == 0
    assert "| isotonic |" in capsys.readouterr().out
    assert (bundle / "manifest.json").read_bytes() == before


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
