"""`python -m rules score`: figures on judged hashtags, and clear words on bad files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules.__main__ import main


def score(file: Path, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    file.write_text(text, encoding="utf-8")
    assert main(["score", "--json", str(file)]) == 0
    figures: dict[str, float] = json.loads(capsys.readouterr().out)
    return figures


def test_segmentation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "hashtag\tsegmentation\n성수동카페\t성수동 카페\n강남맛집\t강남맛집\n"
    figures = score(tmp_path / "ko.tsv", text, capsys)
    assert (figures["hashtags"], figures["exact"]) == (2, 0.5)
    assert (figures["seam_precision"], figures["seam_recall"]) == (0.5, 1)


def test_several_accepted_ways(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = json.dumps({"hashtag": "naturelover", "gold": ["naturelover", "Nature Lover"]})
    figures = score(tmp_path / "en.jsonl", text, capsys)
    assert (figures["exact"], figures["seam_f1"]) == (1, 1)


def test_categories(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "hashtag\tcategories\n카페\tcafe|food\n바다\tmountain\n일상\tmood\n맛집\tmood\n"
    figures = score(tmp_path / "c.tsv", text, capsys)
    assert (figures["f1_cafe"], figures["f1_mountain"], figures["left_alone"]) == (1, 0, 0.5)


def test_occurrences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "hashtag\tposts\n카페\t3\n쀍쀍쀍\t1\n"
    figures = score(tmp_path / "o.tsv", text, capsys)
    assert (figures["occurrences"], figures["answered"], figures["twins_met"]) == (4, 0.75, 1)
    figures = score(tmp_path / "p.jsonl", '{"hashtags": ["카페", "카페", "쀍쀍쀍"]}\n', capsys)
    assert figures["by_lexicon"] == pytest.approx(2 / 3)


def test_a_table_names_what_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.tsv"
    file.write_text("hashtag\tcategories\n바다\tmountain\n", encoding="utf-8")
    assert main(["score", "--wrong", "5", str(file)]) == 0
    assert "wrong: 바다\tsea" in capsys.readouterr().out


@pytest.mark.slow
def test_the_baseline_is_the_libraries_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "s.tsv"
    file.write_text("hashtag\tsegmentation\n강릉가볼만한곳\t강릉 가볼만한곳\n", encoding="utf-8")
    assert main(["score", "--json", "--baseline", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["exact"] == 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "is empty"),
        ("name\tvalue\n", "f.tsv:1:1"),
        ("hashtag\tposts\n카페\tmany\n", "f.tsv:2:1"),
        ("hashtag\tposts\n", "no hashtags"),
        ('{"hashtag": 1}\n', "f.tsv:1:1"),
        ("{not json\n", "f.tsv:1:1"),
    ],
)
def test_a_bad_file_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, place: str
) -> None:
    file = tmp_path / "f.tsv"
    file.write_text(text, encoding="utf-8")
    assert main(["score", str(file)]) == 1
    assert place in capsys.readouterr().err
