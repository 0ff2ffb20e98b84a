"""What we ask of every file, held by a test."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

CODE = (
    "classifiers",
    "intervals",
    "items",
    "pictures",
    "rules",
    "sandbox",
    "similarity",
    "thumbnails",
    "videos",
    "training",
    "service",
    "clients",
    "demo",
)


NAMED = re.compile(r"`([a-z]+/[\w./-]+)`")  # a path from the root, unless it is of something else
COMMAND = re.compile(r"python -m ([\w.]+)")
LARGE = ("models/starter/", "models/items/", "rules/hashtags/english_words.marisa")


@pytest.fixture(scope="module")
def modules(repository: Path) -> list[Path]:
    return [file for folder in CODE for file in sorted((repository / folder).rglob("*.py"))]


def tracked(repository: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, capture_output=True, check=True
    ).stdout.decode()
    return [repository / name for name in listed.split("\0") if name]


def test_modules_stay_small(modules: list[Path]) -> None:
    lengths = sorted(len(module.read_text(encoding="utf-8").splitlines()) for module in modules)
    assert lengths[-1] <= 400
    assert lengths[len(lengths) // 2] <= 110


def test_only_the_doors_read_the_environment(modules: list[Path], repository: Path) -> None:
    readers = {
        str(module.relative_to(repository))
        for module in modules
        if re.search(r"os\.(environ|getenv)", module.read_text(encoding="utf-8"))
    }
    assert readers <= {
        "service/config.py",  # the settings
        "service/operations/slots.py",  # where processes share what they count
        "service/commands/root.py",  # hands a running service's settings to them
        "service/operations/blueprint.py",  # prometheus_client's own switch
        "training/__main__.py",  # quietens TensorFlow before it is imported
    }


def test_every_make_command_is_in_the_readme(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    readme = (repository / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE)
    assert commands
    assert [name for name in commands if f"`make {name}" not in readme] == []


def test_links_in_the_documents_lead_somewhere(repository: Path) -> None:
    broken = [
        (str(page.relative_to(repository)), target)
        for page in [repository / "README.md", *sorted((repository / "docs").glob("*.md"))]
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.fixture(scope="module")
def pages(repository: Path) -> list[Path]:
    return [page for page in tracked(repository) if page.suffix == ".md"]


def test_files_that_the_documents_name_are_there(pages: list[Path], repository: Path) -> None:
    roots = {path.relative_to(repository).parts[0] for path in tracked(repository)}
    named = {
        (page.name, name)
        for page in pages
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
        if name.partition("/")[0] in roots and "NNNN" not in name
    }
    assert len(named) > 100
    assert [one for one in sorted(named) if not (repository / one[1]).exists()] == []


def test_commands_that_the_documents_name_are_there(pages: list[Path], repository: Path) -> None:
    named = {
        (page.name, name)
        for page in pages
        for name in COMMAND.findall(page.read_text(encoding="utf-8"))
        if (repository / name.partition(".")[0]).is_dir()
    }
    assert len(named) > 30

    def is_there(module: str) -> bool:
        path = repository / module.replace(".", "/")
        return path.with_suffix(".py").exists() or (path / "__main__.py").exists()

    assert [one for one in sorted(named) if not is_there(one[1])] == []


def test_no_large_file_but_the_bundles_and_the_words(repository: Path) -> None:
    large = {
        str(file.relative_to(repository)): file.stat().st_size
        for file in tracked(repository)
        if file.exists() and file.stat().st_size > 2**20
    }
    assert [name for name in large if not name.startswith(LARGE)] == []
    assert sum(large.values()) <= 24 * 2**20
