"""A bundle's thresholds are chosen anew from what it keeps, in a second, without photographs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from classifiers import Bundle
from training.__main__ import main
from training.labels import DEFAULT_LABELS, Meaning, Meanings, read_meanings
from training.resettle import resettle
from training.thresholds import Promise, promise_facts, promises

STARTER = Path(__file__).parents[2] / "models" / "starter"
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
    assert "adult: its promise is a looser one, of 15% wrong facts." in out


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


def test_a_bundle_that_keeps_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["thresholds", str(tmp_path)]) == 2
    assert "is no model bundle" in capsys.readouterr().err
