"""The lexicon goes out to a file and comes in again, all of it or nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from rules import resolve
from service.commands.root import main
from service.config import variable
from service.lexicon import change
from service.lexicon.csvfile import read_file
from service.parts import Parts

pytestmark = pytest.mark.usefixtures("clean")
HEADER = "tag,categories,who,when,why\n"


@pytest.fixture
def command(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands with the settings of the parts."""
    config = parts.config
    for name in ("database_url", "redis_url"):
        monkeypatch.setenv(variable(name), getattr(config, name))
    monkeypatch.setenv("TAGSIFT_DATA", str(config.data))
    monkeypatch.setenv("TAGSIFT_SECRET_KEY", "k")
    monkeypatch.setenv("TAGSIFT_WEBHOOK_SECRETS", config.webhook_secrets[0].get_secret_value())
    monkeypatch.setenv("TAGSIFT_API_KEYS", config.api_keys[0].get_secret_value())
    return CliRunner()


def test_what_is_exported_changes_nothing_when_imported(
    command: CliRunner, parts: Parts, tmp_path: Path
) -> None:
    with parts.sessions.begin() as session:
        change(session, "쀍쀍쀍", ["cafe"], who="mina", why="seen", known={"cafe"})
        change(session, "쁅쁅쁅", ["visible"], who="mina", why="seen", known={"cafe"})
    file = tmp_path / "lexicon.csv"
    assert command.invoke(main, ["lexicon", "export", "--out", str(file)]).exit_code == 0
    written = file.read_text(encoding="utf-8")
    assert "쀍쀍쀍,cafe,mina," in written
    assert "쁅쁅쁅,visible,mina," in written
    assert "셀카,visible,tagsift," in written
    result = command.invoke(main, ["lexicon", "import", str(file)])
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "0 changed.")


def test_what_a_spreadsheet_would_run_goes_out_as_a_text_and_comes_in_unchanged(
    command: CliRunner, parts: Parts, tmp_path: Path
) -> None:
    why = '=HYPERLINK("http://evil.example")\r\n+1'
    with parts.sessions.begin() as session:
        change(session, "쀍쀍쀍", ["cafe"], who="@mina", why=why, known={"cafe"})
    file = tmp_path / "lexicon.csv"
    command.invoke(main, ["lexicon", "export", "--out", str(file)])
    with file.open(encoding="utf-8", newline="") as text:
        cells = [cell for row in csv.reader(text) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    read = read_file(file).entries["쀍쀍쀍"]
    assert (read.who, read.why) == ("@mina", why)


def test_an_import_holds_at_once_and_a_dry_run_does_not(
    command: CliRunner, parts: Parts, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    file.write_text(f"{HEADER}쀍쀍쀍,cafe|pet,ana,2026-11-21,bakery\n카페,,ana,2026-11-21,no\n")
    dry = command.invoke(main, ["lexicon", "import", str(file), "--dry-run"])
    assert "#카페: cafe -> nothing" in dry.output
    assert resolve("쀍쀍쀍", parts.screener.current().ruleset).resolved_by == "none"
    result = command.invoke(main, ["lexicon", "import", str(file), "--who", "ana"])
    assert result.exit_code == 0, result.output
    assert resolve("쀍쀍쀍", parts.screener.current().ruleset).categories == ("cafe", "pet")
    assert resolve("카페", parts.screener.current().ruleset).categories == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("tag,category\n", ":1:1"),
        (f"{HEADER}쀍쀍쀍,cafe,a,b,c\n쁅,caffe,a,b,c\n", ":3: #쁅: no category is called 'caffe'"),
        (f"{HEADER}쀍쀍쀍,cafe\n", ":2:1"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_changes(
    command: CliRunner, parts: Parts, tmp_path: Path, text: str, what: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    result = command.invoke(main, ["lexicon", "import", str(file)])
    assert result.exit_code == 1
    assert what in result.output
    assert resolve("쀍쀍쀍", parts.screener.current().ruleset).resolved_by == "none"


def test_a_file_that_is_not_there_is_one_sentence(command: CliRunner) -> None:
    result = command.invoke(main, ["lexicon", "import", "/nowhere.csv"])
    assert result.exit_code == 1
    assert "/nowhere.csv cannot be read" in result.output
