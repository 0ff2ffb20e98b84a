"""A short run of what `make fuzz` does for long."""

from __future__ import annotations

import pytest

from rules import Ruleset
from rules.__main__ import main
from rules.tools import fuzz


@pytest.mark.slow
def test_nothing_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", "--cases", "3000", "--seed", "7"]) == 0


def test_what_breaks_is_said_with_how_to_see_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(tag: str, ruleset: Ruleset, chance: object) -> None:
        raise ValueError("broken on purpose")

    monkeypatch.setattr(fuzz, "_judge", fail)
    assert main(["fuzz", "--cases", "5", "--seed", "7"]) == 1
    assert "case 1 of seed 7: ValueError: broken on purpose" in capsys.readouterr().err
