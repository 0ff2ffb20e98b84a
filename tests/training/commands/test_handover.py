from __future__ import annotations

import pytest
from click.testing import CliRunner

from service.commands.root import main as service
from training.__main__ import main
from training.commands.handover import COMMANDS, HELP, hand_over, handed_over


def test_what_is_training_itself_is_not_handed_over() -> None:
    assert hand_over([]) is None
    assert hand_over(["train", "photos"]) is None


def test_every_command_that_is_handed_over_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    assert COMMANDS.keys() == HELP.keys()
    assert all(name in listed for name in COMMANDS)


def test_the_service_answers(capfd: pytest.CaptureFixture[str]) -> None:
    """One command in a process of its own, which takes two seconds."""
    assert main(["promote", "--help"]) == 0
    assert "python -m service bundles promote" in capfd.readouterr().out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_service_knows_each_command(name: str) -> None:
    asked = handed_over([name, "--help"])
    done = CliRunner().invoke(service, asked, prog_name="python -m service")
    assert done.exit_code == 0
    assert f"python -m service {' '.join(COMMANDS[name])}" in done.output
