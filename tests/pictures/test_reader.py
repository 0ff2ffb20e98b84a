"""Text on photographs is read in a process with limits; what fails is told apart from no text."""

from __future__ import annotations

import io
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from pictures.reader import Reader, ReadError

MENU = Path(__file__).with_name("menu.jpg")
MEMORY = 512 * 2**20
FOR_EVER = "86391.5"  # seconds, as nobody else sleeps
TESSERACT = shutil.which("tesseract")
needs_tesseract = pytest.mark.skipif(
    TESSERACT is None, reason="Tesseract is not installed (apt: tesseract-ocr-kor)."
)
Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A program of the operator's: its lines of shell."""

    def make(lines: str) -> str:
        path = tmp_path / "reader"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def read(program: str, data: bytes, seconds: float = 60, languages: str = "kor+eng") -> str:
    reader = Reader(program, languages, MEMORY)
    try:
        return reader.read(data, seconds)
    finally:
        reader.close()


@needs_tesseract
def test_a_korean_menu_is_read_and_a_wall_has_no_text() -> None:
    reader = Reader(str(TESSERACT), "kor+eng", MEMORY)
    try:
        text = "".join(reader.read(MENU.read_bytes(), 60).split())
        buffer = io.BytesIO()
        Image.new("RGB", (640, 480), (180, 170, 160)).save(buffer, "JPEG")
        assert reader.read(buffer.getvalue(), 60).strip() == ""
    finally:
        reader.close()
    for word in ("김밥", "파전", "불고기"):
        assert word in text


@needs_tesseract
def test_a_language_that_is_not_installed_is_said() -> None:
    with pytest.raises(ReadError, match="Failed loading language 'xyz'"):
        read(str(TESSERACT), MENU.read_bytes(), languages="xyz")


def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(ReadError, match="cannot be started"):
        read("/nowhere/tesseract", MENU.read_bytes())


def test_one_that_fails_is_said(program: Program) -> None:
    with pytest.raises(ReadError, match="status 3: out of paper"):
        read(program("echo out of paper >&2; exit 3"), MENU.read_bytes())


@pytest.mark.parametrize("lines", [f"exec sleep {FOR_EVER}", f"sleep {FOR_EVER}; exit 0"])
def test_one_that_takes_too_long_is_killed_with_what_it_started(
    program: Program, lines: str
) -> None:
    with pytest.raises(ReadError, match=r"longer than 0\.2 seconds"):
        read(program(lines), MENU.read_bytes(), seconds=0.2)
    assert FOR_EVER not in {word for one in psutil.process_iter() for word in words_of(one)}


def words_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_it_may_write_no_file(program: Program, tmp_path: Path) -> None:
    target = tmp_path / "written"
    with pytest.raises(ReadError, match="status"):
        read(program(f"echo x > {target}"), MENU.read_bytes())
    assert not target.exists() or target.stat().st_size == 0


def test_it_sees_no_secret(program: Program) -> None:
    found = read(program("cat > /dev/null; env"), MENU.read_bytes())
    assert "TAGSIFT" not in found
    assert "DATABASE_URL" not in found


def test_of_endless_text_the_beginning_is_taken(program: Program) -> None:
    lines = "cat > /dev/null; i=0; while [ $i -lt 9000 ]; do echo 0123456789; i=$((i+1)); done"
    assert len(read(program(lines), MENU.read_bytes())) == 64 * 2**10
