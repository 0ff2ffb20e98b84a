"""A post that cannot be judged is found, tried alone, and goes to a person; its neighbours do not
wait for it and are not blamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select, text

from service.parts import Parts
from service.screening.batch import screen
from service.screening.claim import Claim, claim_fresh, claim_one
from service.tables import Case, Image, Post
from tests.service.screening.conftest import Add, state
from tests.service.screening.test_claim import LEASE, end_leases

Jpeg = Callable[..., bytes]


@pytest.fixture
def poison(parts: Parts) -> Iterator[str]:
    """A hashtag that cannot be written: whatever the reason, it is that post's own."""
    body = """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.tag = 'poison' THEN RAISE EXCEPTION USING ERRCODE = 'data_exception'; END IF;
            RETURN NEW;
        END $$
    """
    each = "CREATE TRIGGER refuse BEFORE INSERT ON verdicts FOR EACH ROW EXECUTE FUNCTION refuse()"
    with parts.sessions.begin() as session:
        session.execute(text(body))
        session.execute(text(each))
    yield "poison"
    with parts.sessions.begin() as session:
        session.execute(text("DROP FUNCTION refuse CASCADE"))


def test_the_neighbours_of_a_post_that_cannot_be_written_are_decided_at_once(
    parts: Parts, add: Add, jpeg: Jpeg, poison: str
) -> None:
    rows = [add(jpeg(seed=n), hashtags=(poison if n == 1 else "카페",)) for n in range(4)]
    screen(parts, rows)
    assert [state(parts, row)[0] for row in rows] == ["decided", "pending", "decided", "decided"]
    assert state(parts, rows[1]) == ("pending", None, 1)
    assert {state(parts, row)[2] for row in rows if row != rows[1]} == {0}


def test_a_post_that_never_can_be_judged_goes_to_a_person(
    parts: Parts, add: Add, jpeg: Jpeg, poison: str
) -> None:
    row = add(jpeg(), hashtags=(poison,))
    for attempt in range(parts.config.screening_attempts + 1):
        assert state(parts, row) == ("pending", None, attempt)
        screen(parts, [row])
    screen(parts, [row])
    assert state(parts, row)[:2] == ("decided", "review")
    with parts.sessions() as session:
        assert "several times" in (session.scalars(select(Post.reason)).one() or {})["en"]
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalars(select(Image.source_bytes)).all() == [None]


def test_a_post_at_which_workers_die_goes_to_a_person_and_its_neighbours_are_not_blamed(
    parts: Parts, add: Add, jpeg: Jpeg
) -> None:
    """Each death is that of a process that claimed, and was gone before it could write."""
    rows = [add(jpeg(seed=number)) for number in range(3)]
    with parts.sessions.begin() as session:
        assert claim_fresh(session, Claim(LEASE), rows) == rows
    end_leases(parts)
    for _ in range(parts.config.screening_attempts - 1):
        with parts.sessions.begin() as session:
            assert claim_one(session, Claim(LEASE), rows[0])
        end_leases(parts)
    screen(parts, rows)
    assert state(parts, rows[0]) == ("decided", "review", parts.config.screening_attempts)
    assert [state(parts, row)[2] for row in rows[1:]] == [1, 1]
    with parts.sessions() as session:
        reasons = session.scalars(select(Post.reason).where(Post.id.in_(rows[1:]))).all()
    assert not any("several times" in (reason or {})["en"] for reason in reasons)
