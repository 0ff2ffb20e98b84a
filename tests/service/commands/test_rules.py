"""`python -m service rules …`, as an analyst types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from sqlalchemy import func, select, update

from service.commands.since import Since
from service.parts import Parts
from service.screening.batch import screen
from service.tables import StoredRuleset, Verdict
from tests.service.commands.conftest import Call
from tests.service.conftest import Variant
from tests.service.screening.conftest import Add, add

__all__ = ["add"]
Jpeg = Callable[..., bytes]
TAGS = ("카페", "일상", "고양이")


@pytest.fixture
def new(variant: Variant, tmp_path: Path) -> Path:
    """A ruleset in which cafes need what no plain colour shows."""
    file = tmp_path / "new.yaml"
    file.write_bytes(variant("not (food or drink)", "[cat]", "[food]").data)
    return file


@pytest.fixture
def decided(parts: Parts, add: Add, jpeg: Jpeg) -> int:
    """A post that was screened."""
    row = add(jpeg(colour=(250, 250, 250)), hashtags=TAGS)
    screen(parts, [row])
    return row


def _ok(call: Call, *arguments: str) -> str:
    answer = call("rules", *arguments)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_a_ruleset_is_added_watched_promoted_and_rolled_back(call: Call, new: Path) -> None:
    assert "the file that the settings name" in _ok(call, "list")
    assert "Number 1: new-" in _ok(call, "add", str(new), "--note", "a try")
    assert "is in shadow" in _ok(call, "shadow", "1", "--reason", "to see")
    assert "1\tshadow\tnew-" in _ok(call, "list")
    assert "is live." in _ok(call, "promote", "1")
    assert "1\tlive\tnew-" in _ok(call, "list")
    assert "settings name is live again" in _ok(call, "rollback")
    assert "1\tretired\tnew-" in _ok(call, "list")


def test_what_cannot_be_done_is_said_and_done_nowhere(call: Call, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("categories:\n  food:\n    title: {en: a, ko: b}\n    rule: fod\n")
    refused = call("rules", "add", str(wrong))
    assert refused.exit_code == 1
    assert f"{wrong}:4:11: no label is called 'fod'" in refused.output
    assert "Did you mean 'food'?" in refused.output
    for arguments in (
        ("add", "nowhere.yaml"),
        ("promote", "7"),
        ("rollback",),
        ("retire", "x"),
        ("shadow", "9" * 20),
    ):
        answer = call("rules", *arguments)
        assert answer.exit_code != 0
        assert "Error: " in answer.output
        assert "Traceback" not in answer.output


def test_a_backtest_prints_tables_json_and_a_page_and_writes_nothing(
    call: Call, parts: Parts, new: Path, decided: int, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    tables = _ok(call, "backtest", str(new), "--html", str(page))
    assert "1 posts, 3 hashtags" in tables
    data = json.loads(_ok(call, "backtest", str(new), "--json", "--since", "1d"))
    assert (data["posts"], data["hashtags"]) == (1, 3)
    assert data["flipped"] == 1
    assert data["samples"][0]["posts"][0]["tag"] == "카페"
    assert f"/posts/{decided}" in page.read_text(encoding="utf-8")
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(StoredRuleset)) == 0


def test_a_backtest_that_cannot_write_its_page_says_so(
    call: Call, new: Path, tmp_path: Path
) -> None:
    answer = call("rules", "backtest", str(new), "--html", str(tmp_path / "no" / "page.html"))
    assert answer.exit_code == 1
    assert "cannot be written" in answer.output


def test_replaying_ends_with_one_where_a_verdict_comes_out_otherwise(
    call: Call, parts: Parts, decided: int
) -> None:
    assert "3 verdicts replayed, 0 came out otherwise" in _ok(call, "replay")
    with parts.sessions.begin() as session:
        changed = update(Verdict).where(Verdict.tag == "일상")
        session.execute(changed.values(model_verdict="irrelevant"))
    answer = call("rules", "replay")
    assert answer.exit_code == 1
    assert "#일상\tirrelevant\tunverifiable" in answer.stdout


def test_since_is_a_date_or_an_age() -> None:
    read = Since()
    assert read.convert("2026-11-20", None, None) == datetime(2026, 11, 20, tzinfo=UTC)
    week = datetime.now(UTC) - read.convert("1w", None, None)
    assert abs(week - timedelta(days=7)) < timedelta(minutes=1)
    for wrong in ("yesterday", "7", "7y", "2026-13-01", ""):
        with pytest.raises(click.BadParameter, match="neither a date"):
            read.convert(wrong, None, None)
