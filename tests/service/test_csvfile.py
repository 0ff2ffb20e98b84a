"""No spreadsheet runs what people typed, and reading back changes nothing."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.csvfile import Writer, as_csv, guard, unguard
from tests.service.rows import rows_of

# The full-width forms are run, too.
FORMULAS = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
texts = st.text() | st.builds(
    "".join, st.lists(st.sampled_from([*FORMULAS, "'", '"', ",", ";", "|", "1+1", "\r\n"]))
)


@pytest.mark.parametrize("begins", FORMULAS)
def test_what_a_spreadsheet_would_run_is_written_as_a_text(begins: str) -> None:
    cell = f"{begins}HYPERLINK(1)"
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "카페", "'quoted'", "a=b", "1-2", "'tis"])
def test_other_texts_are_written_as_they_are(cell: str) -> None:
    assert guard(cell) == unguard(cell) == cell


def test_a_negative_number_is_no_formula() -> None:
    assert as_csv(["n"], [[-0.5], [None]]) == 'n\r\n-0.5\r\n""\r\n'


@given(texts)
def test_a_guarded_text_begins_no_formula_and_is_given_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(tuple(FORMULAS))


@given(st.lists(st.tuples(texts, texts)))
def test_rows_are_read_as_they_were_written(rows: list[tuple[str, str]]) -> None:
    found = rows_of(as_csv(["=a", "b"], rows))
    assert [(row["=a"], row["b"]) for row in found] == rows


def test_a_writer_guards_what_goes_to_a_file() -> None:
    file = io.StringIO()
    Writer(file).row(["=1+1", 2])
    assert file.getvalue() == "'=1+1,2\r\n"


def test_nothing_else_writes_csv(repository: Path) -> None:
    def writes(path: Path) -> bool:
        return any(
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in {("csv", "writer"), ("csv", "DictWriter")}
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )

    places = ("service", "rules", "training", "classifiers", "similarity", "clients", "benchmarks")
    files = [file for place in places for file in sorted((repository / place).rglob("*.py"))]
    assert [file.relative_to(repository) for file in files if writes(file)] == [
        Path("service/csvfile.py")
    ]
