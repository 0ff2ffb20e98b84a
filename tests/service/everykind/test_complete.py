"""The world has a post of every kind that the schema and the code know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from sqlalchemy import CheckConstraint, Table, select

from rules import Decision
from rules import Verdict as Given
from rules.hashtags.resolve import Way
from rules.verdicts.codes import Code
from service.api.appeals_schemas import AppealOut
from service.api.schemas import Decider
from service.appeals.outcome import outcome
from service.authors.watch import REASON as WATCHED
from service.copies.follow import CHECKED
from service.screening.judgement import GAVE_UP
from service.tables import Appeal, Base, Delivery, Item, Post, Verdict
from tests.service.everykind.world import World

pytestmark = pytest.mark.slow  # the world takes ten seconds to make

POSTS = Base.metadata.tables["posts"]
ONE_OF = re.compile(r"(\w+) IN \((.+)\)")


def tables_of_posts() -> list[Table]:
    """Posts, and every table whose rows belong to a post, directly or through others."""
    found = [POSTS]
    for table in found:
        found += [
            other
            for other in Base.metadata.tables.values()
            if other not in found and any(key.column.table is table for key in other.foreign_keys)
        ]
    return found


TABLES = tables_of_posts()


def _enumerations() -> Iterator[tuple[str, str, set[str]]]:
    for table in TABLES:
        for rule in table.constraints:
            if isinstance(rule, CheckConstraint) and (found := ONE_OF.fullmatch(str(rule.sqltext))):
                yield table.name, found[1], set(re.findall(r"'(\w+)'", found[2]))


ENUMERATIONS = sorted(_enumerations(), key=lambda one: one[:2])


def _name(one: object) -> str:
    """Of a set, whose order differs from process to process, nothing."""
    return "" if isinstance(one, set) else str(one)


def test_tables_and_values_are_found_in_the_schema() -> None:
    names = {table.name for table in TABLES}
    assert {"posts", "votes", "drafts", "shadow_scores", "item_pairs", "unplaced"} < names
    found = {(table, column): values for table, column, values in ENUMERATIONS}
    assert found["cases", "kind"] > {"spot_check", "third"}
    assert found["posts", "state"] == {"pending", "decided", "superseded", "deleted"}


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_each_table_of_posts_has_a_row(world: World, table: Table) -> None:
    with world.parts.sessions() as session:
        assert session.execute(select(table).limit(1)).first() is not None, "give it an example"


@pytest.mark.parametrize(("table", "column", "values"), ENUMERATIONS, ids=_name)
def test_each_value_of_the_schema_occurs(
    world: World, table: str, column: str, values: set[str]
) -> None:
    asked = Base.metadata.tables[table].c[column]
    with world.parts.sessions() as session:
        assert set(session.scalars(select(asked).distinct())) - {None} == values


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (Post.decision, set(Decision)),
        (Post.decided_by, set(get_args(Decider))),
        (Verdict.verdict, set(Given)),
        (Verdict.model_verdict, set(Given)),
        (Verdict.resolved_by, set(Way)),
        (Verdict.reason["code"].astext, set(Code)),
        (Delivery.type, {"post.decided", "appeal.decided", "thumbnails.done", "thumbnails.failed"}),
        (Item.kind, {"item", "post"}),
    ],
    ids=_name,
)
def test_each_value_of_the_code_occurs(world: World, column: Any, values: set[str]) -> None:
    with world.parts.sessions() as session:
        assert set(session.scalars(select(column).distinct())) - {None} == values


def test_each_reason_to_ask_a_person_occurs(world: World) -> None:
    with world.parts.sessions() as session:
        found = {reason["en"] for reason in session.scalars(select(Post.reason)) if reason}
    assert {WATCHED["en"], CHECKED["en"], GAVE_UP["en"]} < found


def test_appeals_end_in_each_way(world: World) -> None:
    with world.parts.sessions() as session:
        states = {outcome(session, one).state for one in session.scalars(select(Appeal))}
    assert states == set(get_args(AppealOut.model_fields["state"].annotation))


def test_nothing_failed_while_it_was_made(world: World) -> None:
    failed = [entry for entry in world.log if entry["log_level"] not in ("debug", "info")]
    assert failed == []
