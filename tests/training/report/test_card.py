"""A card that is not this bundle's is refused, and the bundle stays as it is."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from training.__main__ import main

STARTER = Path(__file__).parents[3] / "models" / "starter"
HALF = '{"photographs": 3, "sources": ['
OF_OTHERS = '{"photographs": 3, "sources": [], "labels": {}, "thresholds": {"kraken": {}}}'


def with_card(folder: Path, text: str) -> Path:
    """The starter with another card, whose hash its manifest names."""
    shutil.copytree(STARTER, folder)
    (folder / "card.json").write_text(text, "utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"]["card.json"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


@pytest.mark.parametrize("text", [HALF, "[]", "{}", OF_OTHERS])
@pytest.mark.parametrize(
    "command", [["calibrate", "--dry-run"], ["thresholds"], ["report", "--out", "page.html"]]
)
def test_what_is_no_card_of_the_bundle_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    command: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = with_card(tmp_path / "copy", text)
    before = (folder / "manifest.json").read_bytes()
    assert main([command[0], str(folder), *command[1:]]) == 2
    told = capsys.readouterr().err
    assert "card.json does not say what the card of this bundle says" in told
    assert told.count("\n") == 1
    assert (folder / "manifest.json").read_bytes() == before
    assert not (tmp_path / "page.html").exists()
