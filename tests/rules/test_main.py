"""`python -m rules`: lines that other programs read."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from rules.__main__ import main


def test_a_json_line_for_each_hashtag(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("성수동카페\n#일상\n\n"))
    assert main(["resolve", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {
        "tag": "성수동카페",
        "normalised": "성수동카페",
        "segments": ["성수동", "카페"],
        "categories": ["cafe"],
        "verifiable": True,
        "resolved_by": "segmentation",
        "confidence": 0.8,
    }
    assert (lines[1]["verifiable"], lines[1]["resolved_by"]) == (False, "lexicon")
    assert lines[2]["resolved_by"] == "none"


def test_a_file_and_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "태그.txt"
    file.write_text("CoffeeLover\n", encoding="utf-8")
    assert main(["resolve", str(file)]) == 0
    assert "drinks" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "/nowhere/tags"]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_check_says_what_a_ruleset_holds_or_what_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check"]) == 0
    assert "categories" in capsys.readouterr().out
    assert main(["check", "--labels", "food,drink"]) == 1
    assert "no label is called" in capsys.readouterr().err
