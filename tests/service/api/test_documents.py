"""What the API can answer is in its document for people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from service.api.json_body import Code
from service.api.schemas import PostIn


@pytest.fixture(scope="module")
def text(repository: Path) -> str:
    return (repository / "docs" / "api.md").read_text(encoding="utf-8")


def codes(folders: list[Path], pattern: str) -> set[str]:
    files = [file for folder in folders for file in folder.rglob("*.py")]
    return {code for file in files for code in re.findall(pattern, file.read_text("utf-8"))}


def test_every_problem_is_documented(text: str, repository: Path) -> None:
    found = codes([repository / "service"], r'HTTPStatus\.\w+,\s*"([a-z-]+)"')
    assert {"bad-signature", "unknown-post"} <= found
    found |= set(get_args(Code))
    assert [code for code in sorted(found) if f"`{code}`" not in text] == []


def test_every_reason_why_a_photograph_cannot_be_read_is_documented(
    text: str, repository: Path
) -> None:
    folders = [repository / "service" / "screening", repository / "pictures"]
    found = codes(folders, r'(?:FetchError|ImageError)\(\s*"(\w+)"')
    assert {"forbidden_address", "too_many_pixels"} <= found
    assert [code for code in sorted(found) if f"`{code}`" not in text] == []


def test_every_field_of_a_post_is_documented(text: str) -> None:
    assert [name for name in PostIn.model_fields if name not in text] == []
