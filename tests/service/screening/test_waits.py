"""An outage of a part is waited out: it decides nothing, blames no post and loses no byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from service.database import make_engine, make_sessions
from service.imagestore import ImageStore
from service.parts import Parts
from service.screener import Screener
from service.screening.batch import screen
from service.tables import Erasure, Image, Outage
from service.waits import current
from tests.service.screening.conftest import Add, change, state

Jpeg = Callable[..., bytes]
WAITS = ("pending", None, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def kept(parts: Parts, folder: Path) -> Parts:
    """The parts with an image store of this test's own."""
    return Parts(**(vars(parts) | {"images": ImageStore(str(folder))}))


def block(folder: Path) -> None:
    """Nothing can be written: a file stands where the store's folder should be."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")


def sent(parts: Parts) -> list[bool]:
    with parts.sessions() as session:
        return list(session.scalars(select(Image.source_bytes.is_not(None)).order_by(Image.id)))


@pytest.mark.slow
def test_a_store_that_is_away_for_long_decides_nothing_and_loses_nothing(
    kept: Parts, folder: Path, add: Add, jpeg: Jpeg
) -> None:
    rows = [add(jpeg(seed=number)) for number in range(3)]
    block(folder)
    for _ in range(kept.config.screening_attempts + 3):
        screen(kept, rows)
    assert [state(kept, row) for row in rows] == [WAITS] * 3
    assert sent(kept) == [True] * 3
    with kept.sessions() as session:
        assert [outage.part for outage in current(session)] == ["store"]
    folder.unlink()
    screen(kept, rows)
    assert {state(kept, row)[0] for row in rows} == {"decided"}
    assert sent(kept) == [False] * 3
    with kept.sessions() as session:
        assert current(session) == []


def test_a_store_that_fails_at_the_second_copy_keeps_the_first_owed(
    kept: Parts, folder: Path, add: Add, jpeg: Jpeg
) -> None:
    """Copies that no decision refers to are erased later, whatever becomes of the post."""
    row = add(jpeg(seed=1), jpeg(seed=2))
    with kept.sessions() as session:
        second = session.scalars(select(Image.id).order_by(Image.id.desc())).first() or 0
    folder.mkdir()
    in_the_way = folder / f"{second % 256:02x}"
    in_the_way.write_text("")
    screen(kept, [row])
    assert state(kept, row) == WAITS
    with kept.sessions() as session:
        owed = session.scalars(select(Erasure.key).where(Erasure.why == "unfinished")).all()
    files = [str(file.relative_to(folder)) for file in folder.rglob("*.jpg")]
    assert files
    assert set(files) <= set(owed)
    in_the_way.unlink()
    screen(kept, [row])
    assert state(kept, row)[0] == "decided"


@pytest.fixture
def refusing(parts: Parts) -> Iterator[None]:
    """A database that answers, but takes no embedding: as when its disk is full."""
    full = """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$
    """
    trigger = "CREATE TRIGGER is_full BEFORE INSERT ON embeddings EXECUTE FUNCTION full_disk()"
    with parts.sessions.begin() as session:
        session.execute(text(full))
        session.execute(text(trigger))
    yield
    with parts.sessions.begin() as session:
        session.execute(text("DROP FUNCTION IF EXISTS full_disk CASCADE"))


def test_a_database_whose_disk_is_full_is_waited_out(
    parts: Parts, add: Add, jpeg: Jpeg, refusing: None
) -> None:
    row = add(jpeg())
    for _ in range(parts.config.screening_attempts + 3):
        screen(parts, [row])
    assert state(parts, row) == WAITS
    assert sent(parts) == [True]
    with parts.sessions.begin() as session:
        assert [outage.part for outage in current(session)] == ["database"]
        session.execute(text("DROP FUNCTION full_disk CASCADE"))
    screen(parts, [row])
    assert state(parts, row)[0] == "decided"


def test_a_database_that_is_away_is_waited_out(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    """Nothing can be claimed, and nothing is raised that would end the task as failed."""
    row = add(jpeg())
    away = make_sessions(make_engine("postgresql://nobody@127.0.0.1:9/none"))
    screen(Parts(**(vars(parts) | {"sessions": away})), [row])
    assert state(parts, row) == WAITS


def test_rules_that_cannot_be_read_are_no_posts_fault(parts: Parts, add: Add, jpeg: Jpeg) -> None:
    broken = change(parts, ruleset=Path("/nowhere.yaml"))
    screener = Screener(broken.config, parts.sessions)
    row = add(jpeg())
    for _ in range(parts.config.screening_attempts + 3):
        screen(Parts(**(vars(broken) | {"screener": screener})), [row])
    assert state(parts, row) == WAITS


def test_an_outage_that_was_not_seen_for_long_is_over(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        old = func.now() - func.make_interval(0, 0, 0, 0, 1)
        session.execute(
            Outage.__table__.insert().values(part="store", message="x", since=old, seen_at=old)  # type: ignore[attr-defined]
        )
    with parts.sessions() as session:
        assert current(session) == []
