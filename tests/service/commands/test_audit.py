"""`python -m service audit …`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import text

from service.audit import record
from service.audit.find import head
from service.parts import Parts
from tests.service.commands.conftest import Call


def _write(parts: Parts, *subjects: str) -> str:
    with parts.sessions.begin() as session:
        for subject in subjects:
            record(session, "mina", "post.settled", subject, {"after": "맛집"})
    with parts.sessions() as session:
        return head(session).hash


def _tamper(parts: Parts, sql: str) -> None:
    with parts.sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(sql))


def test_a_whole_log_is_said_to_be_whole_with_its_head(call: Call, parts: Parts) -> None:
    _write(parts, "post:p-1")
    known = _write(parts, "post:p-2")
    newest = _write(parts, "post:p-3")
    answer = call("audit", "verify", "--head", known.upper())
    assert (answer.exit_code, answer.output) == (0, f"3 entries, unbroken. Head: {newest}\n")


def test_a_changed_byte_ends_with_1_and_names_the_entry(call: Call, parts: Parts) -> None:
    _write(parts, "post:p-1", "post:p-2")
    _tamper(parts, "UPDATE audit_log SET subject = 'post:p-3' WHERE position = 2")
    answer = call("audit", "verify")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: Entry 2 (post.settled, post:p-3, 20")
    assert "was changed" in answer.output
    assert "Traceback" not in answer.output


def test_an_end_that_is_gone_is_found_with_the_head(call: Call, parts: Parts) -> None:
    known = _write(parts, "post:p-1", "post:p-2")
    _tamper(parts, "DELETE FROM audit_log WHERE position = 2")
    assert call("audit", "verify").exit_code == 0
    answer = call("audit", "verify", "--head", known)
    assert answer.exit_code == 1
    assert f"No entry has the hash {known}" in answer.output


def test_an_export_is_lines_of_json_that_can_be_verified_elsewhere(
    call: Call, parts: Parts, tmp_path: Path
) -> None:
    newest = _write(parts, "post:p-1", "post:p-2")
    file = tmp_path / "audit.jsonl"
    assert call("audit", "export", "--out", str(file)).exit_code == 0
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [entry["subject"] for entry in entries] == ["post:p-1", "post:p-2"]
    assert entries[0]["details"] == {"after": "맛집"}
    assert call("audit", "export").output == file.read_text(encoding="utf-8")
    assert newest in call("audit", "verify", "--file", str(file), "--head", newest).output
    file.write_text(file.read_text(encoding="utf-8").replace("p-1", "p-9"), encoding="utf-8")
    assert "Entry 1 (" in call("audit", "verify", "--file", str(file)).output
    file.write_text("nonsense\n", encoding="utf-8")
    answer = call("audit", "verify", "--file", str(file))
    assert (answer.exit_code, "Line 1 is no entry" in answer.output) == (1, True)


def test_a_file_that_cannot_be_written_is_one_sentence(
    call: Call, parts: Parts, tmp_path: Path
) -> None:
    answer = call("audit", "export", "--out", str(tmp_path / "no" / "audit.jsonl"))
    assert answer.exit_code == 1
    assert "cannot be written" in answer.output
