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
        "visible": False,
    }
    assert (lines[1]["verifiable"], lines[1]["resolved_by"]) == (False, "lexicon")
    assert lines[2]["resolved_by"] == "none"


def test_a_file_and_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "태그.txt"
    file.write_text("CoffeeLover\n", encoding="utf-8")
    assert main(["resolve", str(file)]) == 0
    assert "drinks" in capsys.readouterr().out


def test_the_whole_way_of_a_hashtag_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "애견동반호텔", "쀍쀍"]) == 0
    found, lost = capsys.readouterr().out.split("\n쀍쀍\t")
    ways = [line.split()[0] for line in found.splitlines()[1:]]
    assert ways == ["written", "lexicon", "pattern", "affix", "segmentation", "implies"]
    assert "호텔: dog, travel (tagsift, " in found
    assert lost.splitlines()[-1].split() == ["neighbours", "no:", "쀍쀍"]


def test_a_cat_implies_a_pet_and_short_leaves_the_way_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["resolve", "고양이"]) == 0
    assert "implies       pet" in capsys.readouterr().out
    assert main(["resolve", "--short", "고양이"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_file_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "/nowhere/tags"]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_file_that_is_no_text_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tags.txt"
    file.write_text("카페\n", encoding="utf-16")
    assert main(["resolve", str(file)]) == 1
    assert "is no text in UTF-8" in capsys.readouterr().err


def test_check_says_what_a_ruleset_holds_or_what_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check"]) == 0
    assert "categories" in capsys.readouterr().out
    assert main(["check", "--labels", "food,drink"]) == 1
    assert "no label is called" in capsys.readouterr().err


def test_backtest_is_handed_over_with_all_its_options(capfd: pytest.CaptureFixture[str]) -> None:
    """One command in a process of its own, which takes two seconds."""
    assert main(["backtest", "--help"]) == 0
    assert "python -m service rules backtest" in capfd.readouterr().out


def test_to_try_no_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fuzz", "--cases", "0"])
    assert ended.value.code == 2
    assert "0 is not a whole number from 1 on" in capsys.readouterr().err
