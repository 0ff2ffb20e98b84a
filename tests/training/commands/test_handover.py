from __future__ import annotations

import pytest

from training.__main__ import main
from training.commands.handover import COMMANDS, HELP, hand_over


def test_what_is_training_itself_is_not_handed_over() -> None:
    assert hand_over([]) is None
    assert hand_over(["train", "photos"]) is None


def test_every_command_that_is_handed_over_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    assert COMMANDS.keys() == HELP.keys()
    assert all(name in listed for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_service_answers(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"python -m service {' '.join(COMMANDS[name])}" in capfd.readouterr().out
