"""`python -m service …`, as an operator types it."""

from __future__ import annotations

import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner
from sqlalchemy import select

from service.accounts import named, verify
from service.commands.root import main
from service.parts import Parts
from service.tables import AuditEntry, Delivery, Post
from tests.service.commands.conftest import Call


def test_an_account_is_made_listed_and_given_a_new_password(call: Call, parts: Parts) -> None:
    made = call("moderator", "add", "지민", "--role", "analyst")
    assert made.exit_code == 0, made.output
    first = made.output.rpartition(": ")[2].strip()
    assert "지민\tanalyst" in call("moderator", "list").output
    second = call("moderator", "reset", "지민").output.rpartition(": ")[2].strip()
    with parts.sessions() as session:
        assert verify(named(session, "지민"), first) is None
        assert verify(named(session, "지민"), second) is not None


@pytest.mark.parametrize(
    "arguments", [("moderator", "reset", "nobody"), ("callbacks", "resend"), ("nonsense",)]
)
def test_what_cannot_be_done_is_one_sentence(call: Call, arguments: tuple[str, ...]) -> None:
    answer = call(*arguments)
    assert answer.exit_code != 0
    assert "Error:" in answer.output
    assert "Traceback" not in answer.output


def test_dead_letters_are_listed_and_sent_again(call: Call, parts: Parts) -> None:
    assert call("callbacks", "list").output == "No dead letters.\n"
    post = Post(
        external_id="p",
        revision=1,
        author_id="u",
        caption="",
        hashtags=[],
        posted_at=datetime.now(UTC),
        reach=0,
        state="pending",
        attempts=0,
    )
    delivery = uuid.uuid4()
    with parts.sessions.begin() as session:
        session.add(post)
        session.flush()
        session.add(
            Delivery(
                id=delivery,
                post_id=post.id,
                type="post.decided",
                body={},
                state="dead",
                attempts=40,
                last_error="the receiver answered 500",
            )
        )
    listed = call("callbacks", "list").output
    assert str(delivery) in listed
    assert "answered 500" in listed
    assert call("callbacks", "resend", str(delivery)).output == "1 put back.\n"
    assert call("callbacks", "list").output == "No dead letters.\n"
    with parts.sessions() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.details) == (
        "callbacks.resent",
        {"ids": [str(delivery)], "put": 1},
    )


def test_a_missing_package_is_one_sentence(repository: Path) -> None:
    """As where somebody took a package out of the virtual environment."""
    hide = "import sys; sys.modules['click'] = None; import service.__main__ as m; m.enter()"
    answer = subprocess.run(
        [sys.executable, "-c", hide], cwd=repository, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "the package 'click' is missing" in answer.stderr
    assert "Traceback" not in answer.stderr


INTERRUPTED = """
import sys
import service.__main__ as command
class Interrupted:
    def find_spec(self, name, *_):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
command.enter()
"""


def test_ctrl_c_before_anything_has_begun_prints_nothing(repository: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=repository, capture_output=True, check=False
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (130, b"", b"")


def test_settings_that_cannot_be_read_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in the file's place, because root may read another user's file."""
    (tmp_path / "tagsift.env").mkdir()
    monkeypatch.setenv("TAGSIFT_DATA", str(tmp_path))
    answer = CliRunner().invoke(main, ["moderator", "list"])
    assert answer.exit_code == 1
    assert f"{tmp_path / 'tagsift.env'} cannot be read (Is a directory): do this" in answer.output


def test_every_command_is_documented(repository: Path) -> None:
    text = (repository / "docs" / "operations.md").read_text(encoding="utf-8")
    context = Context(main)
    commands = [
        f"python -m service {name} {inner}".rstrip()
        for name in main.list_commands(context)
        for inner in getattr(main.get_command(context, name), "commands", None) or [""]
    ]
    assert len(commands) > 5
    assert [command for command in commands if f"`{command}" not in text] == []


def test_the_table_of_settings_is_what_the_code_says(call: Call, repository: Path) -> None:
    text = (repository / "docs" / "operations.md").read_text(encoding="utf-8")
    assert call("settings").output.strip() in text


def test_a_process_imports_its_own_command_alone(repository: Path) -> None:
    """The whole service starts from here: what it imports, every start waits for."""
    heavy = "print([name for name in ('flask', 'openvino', 'rules') if name in sys.modules])"
    program = f"import sys, service.commands.root, service.commands.run; {heavy}"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=repository, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("command", [("moderator", "list"), ("rules", "list"), ("migrate",)])
def test_a_database_that_is_away_is_one_sentence(
    call: Call, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/none")
    answer = call(*command)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The database cannot be reached (")
    assert answer.output.endswith("): is the service running?\n")
    assert answer.output.count("\n") == 1
