"""Reviews are taken away as one file, by a button."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from service.console.quality import export
from service.parts import Parts
from service.tables import AuditEntry, Image
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

PATH = "/quality/reviews.zip"


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    return signed_in("ana", "analyst")


@pytest.fixture
def settled(signed_in: NewVisitor, parts: Parts, jpeg: Callable[..., bytes]) -> list[bytes]:
    """The photographs of two posts that Mina settled; a third one waits."""
    photographs = [jpeg(seed=number) for number in range(3)]
    for number, data in enumerate(photographs, 1):
        add_post(
            parts, f"p-{number}", {"카페": "irrelevant"}, (data,), author_id=f"author-{number}"
        )
    mina = signed_in("mina")
    for number in (1, 2):
        mina.get(f"/cases/{number}")  # takes it
        mina.send(f"/cases/{number}", {"agree": "1", "note": "=1+1"})
    return photographs[:2]


def _export(ana: Visitor, **form: str) -> TestResponse:
    return ana.send(PATH, form, buffered=True)  # and the file is closed


def _logged(parts: Parts) -> list[dict[str, object]]:
    with parts.sessions() as session:
        query = select(AuditEntry).where(AuditEntry.action == "reviews.exported")
        return [dict(entry.details) for entry in session.scalars(query)]


def _rows(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    names = ("labels.csv", "to_label.csv")
    texts = [io.StringIO(archive.read(name).decode(), newline="") for name in names]
    return [row for text in texts for row in csv.DictReader(text)]


def test_the_file_holds_tables_and_photographs(
    ana: Visitor, parts: Parts, settled: list[bytes]
) -> None:
    answer = _export(ana, photographs="1")
    assert answer.mimetype == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    rows = _rows(archive)
    assert [(row["post"], row["moderator"], row["note"]) for row in rows] == [
        ("p-1", "mina", "'=1+1"),
        ("p-2", "mina", "'=1+1"),
    ]
    assert [archive.read(row["file"]) for row in rows] == settled
    assert "author-1" not in str(rows)  # an author's name stays here
    (told,) = _logged(parts)
    assert (told["photographs"], told["days"], told["labelled"], told["unlabelled"]) == (
        True,
        30,
        0,
        2,
    )


def test_the_tables_alone_hold_no_photograph(
    ana: Visitor, parts: Parts, settled: list[bytes]
) -> None:
    archive = zipfile.ZipFile(io.BytesIO(_export(ana).data))
    assert archive.namelist() == ["labels.csv", "to_label.csv"]
    assert [row["post"] for row in _rows(archive)] == ["p-1", "p-2"]


def test_nothing_settled_gives_no_file(ana: Visitor, parts: Parts) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"})
    assert _export(ana).status_code == 303
    assert "In this period nobody settled a post" in ana.get("/quality").text
    assert _logged(parts) == []


def test_too_many_posts_are_refused_before_anything_is_read(
    ana: Visitor, parts: Parts, settled: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_POSTS", 1)
    assert _export(ana, photographs="1").status_code == 303
    assert "There are more than 1: choose a shorter time" in ana.get("/quality").text
    assert _export(ana).status_code == 200  # the tables have another bound
    assert len(_logged(parts)) == 1


def test_a_store_that_fails_is_said_so_and_the_next_export_works(
    ana: Visitor, parts: Parts, settled: list[bytes]
) -> None:
    with parts.sessions() as session:
        key = session.scalars(select(Image.derivative).order_by(Image.id)).first()
    file = next(Path(parts.config.data).rglob(str(key).rpartition("/")[2]))
    file.unlink()
    file.mkdir()  # what nobody can read, not even a superuser
    assert _export(ana, photographs="1").status_code == 303
    assert "A photograph could not be read" in ana.get("/quality").text
    file.rmdir()
    assert _export(ana, photographs="1").status_code == 200
    assert [told["without_copy"] for told in _logged(parts)] == [1]


def test_one_file_is_made_at_a_time(
    signed_in: NewVisitor, parts: Parts, settled: list[bytes]
) -> None:
    people = [signed_in(f"ana-{number}", "analyst") for number in range(3)]
    with export._place, ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(_export, people))
    assert [answer.status_code for answer in answers] == [303] * 3
    assert "Another file is being made" in people[0].get("/quality").text
    assert _export(people[0]).status_code == 200


def test_a_moderator_exports_nothing(mina: Visitor) -> None:
    assert mina.send(PATH, {}).status_code == 403
