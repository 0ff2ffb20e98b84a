from __future__ import annotations

from pathlib import Path

from service.console.review.keys import GROUPS
from service.preferences import ACTIONS


def test_every_key_is_explained_once() -> None:
    explained = [action for group in GROUPS for action in group.titles]
    assert sorted(explained) == sorted(ACTIONS)


def test_the_documentation_names_every_key(repository: Path) -> None:
    page = (repository / "docs" / "console.md").read_text("utf-8")
    table = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    named = {key.strip(" ,").split(" ")[0] for cell in table for key in cell.split(",")}
    assert {key.upper() for key in ACTIONS.values()} <= named
