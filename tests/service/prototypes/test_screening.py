"""A prototype goes from a few examples to shadow, live and away, and new posts are judged by it."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from PIL import Image as Pictures
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from rules import replay
from service.backtest.batch_judge import BatchJudge
from service.backtest.stored import chosen
from service.parts import Parts
from service.posts.delete import delete_post
from service.prototypes.examples import Examples, ExamplesError, examples, newest_with, settled
from service.prototypes.figures import figures
from service.prototypes.store import PrototypeError, change_state, put_in_shadow
from service.prototypes.trial import Trial, trial
from service.screening.batch import screen
from service.tables import AuditEntry, Image, Poll, Post, ShadowScore
from tests.service.votes.conftest import AddNear, add_near, colour, seen

__all__ = ["add_near", "colour", "seen"]
EACH = 10


@pytest.fixture
def named(add_near: AddNear) -> tuple[list[str], list[str]]:
    """Posts near the photograph, and posts that show something else."""
    for number in range(EACH):
        add_near(f"for-{number}", {"sunset": "unverifiable"}, 25, number)
        add_near(f"against-{number}", {"일상": "unverifiable"}, 110, 100 + number)
    sides = ("for", "against")
    one, other = ([f"{side}-{number}" for number in range(EACH)] for side in sides)
    return one, other


Tried = tuple[Examples, Trial]


def tried(parts: Parts, named: tuple[list[str], list[str]]) -> Tried:
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions() as session:
        given = examples(session, made_by, *named)
        return given, trial(given, newest_with(session, "sunset", made_by, 50))


def shadow(parts: Parts, tried: Tried, who: str = "ana", before: int | None = None) -> int:
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions.begin() as session:
        return put_in_shadow(session, "#Sunset", made_by, *tried, who, before).id


def step(parts: Parts, number: int, state: str) -> None:
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions.begin() as session:
        change_state(session, number, state, "ana", made_by)


def new(parts: Parts, name: str, colour: tuple[int, int, int]) -> Post:
    """A post with #sunset that was just screened."""
    file = io.BytesIO()
    Pictures.new("RGB", (320, 240), colour).save(file, "PNG")
    with parts.sessions.begin() as session:
        post = Post(external_id=name, revision=1, author_id="u-new", caption="", reach=0)
        post.hashtags, post.posted_at = ["sunset"], datetime(2026, 11, 20, tzinfo=UTC)
        post.images = [Image(position=0, source_bytes=file.getvalue())]
        session.add(post)
        session.flush()
        row = post.id
    screen(parts, [row])
    with parts.sessions() as session:
        return session.get_one(Post, row, options=[selectinload(Post.verdicts)])


@pytest.mark.slow
def test_from_examples_to_shadow_to_live(
    parts: Parts, named: tuple[list[str], list[str]], colour: tuple[int, int, int]
) -> None:
    given = tried(parts, named)
    _, found = given
    assert (found.right_for.hits, found.right_for.of) == (EACH, EACH)
    assert (found.right_against.hits, found.answered.of) == (EACH, 2 * EACH)
    assert found.newest == (EACH, 0, 0)
    number = shadow(parts, given)
    first = new(parts, "p-1", colour)
    assert (first.decision, first.verdicts[0].verdict) == ("pass", "unverifiable")
    with parts.sessions() as session:
        kept = session.scalars(select(ShadowScore)).one()
        assert (kept.prototype_id, kept.says) == (number, True)
    step(parts, number, "live")
    second = new(parts, "p-2", colour)
    (verdict,) = second.verdicts
    assert (second.decision, verdict.verdict) == ("pass", "relevant")
    assert (verdict.reason["code"], verdict.trace["prototype"]["prototype"]) == (
        "prototype_for",
        number,
    )
    assert replay(verdict.trace) == "relevant"
    with parts.sessions() as session:
        posts = chosen(session, [second.id])
        (row,) = figures(session)
        log = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert BatchJudge(parts.screener.current().ruleset).verdicts(posts) == [["relevant"]]
    assert row.asked == 2
    assert [one for one in log if one.startswith("prototype")] == [
        "prototype.shadow",
        "prototype.live",
    ]
    with parts.sessions.begin() as session:
        for name in ("p-1", "p-2"):
            delete_post(session, name)
    with parts.sessions() as session:
        for table in (Poll, ShadowScore):
            assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.slow
def test_what_it_speaks_against_is_flagged_until_it_is_retired(
    parts: Parts, named: tuple[list[str], list[str]], colour: tuple[int, int, int]
) -> None:
    number = shadow(parts, tried(parts, (named[1], named[0])))
    step(parts, number, "live")
    post = new(parts, "p-1", colour)
    assert (post.decision, post.verdicts[0].verdict) == ("flag", "irrelevant")
    step(parts, number, "retired")
    assert new(parts, "p-2", colour).decision == "pass"


def test_steps_that_cannot_be_taken(parts: Parts, named: tuple[list[str], list[str]]) -> None:
    found = tried(parts, named)
    one, other = shadow(parts, found), shadow(parts, found)
    step(parts, one, "live")
    for number, state, rule in (
        (other, "live", "taken"),
        (one, "live", "state"),
        (other, "draft", "state"),
        (999, "live", "unknown"),
    ):
        with pytest.raises(PrototypeError) as refused:
            step(parts, number, state)
        assert refused.value.rule == rule
    step(parts, one, "shadow")
    with pytest.raises(PrototypeError) as refused, parts.sessions.begin() as session:
        change_state(session, other, "live", "ana", "another network")
    assert refused.value.rule == "network"


def test_of_two_analysts_at_once_one_makes_theirs_live(
    parts: Parts, named: tuple[list[str], list[str]]
) -> None:
    found = tried(parts, named)
    numbers = [shadow(parts, found) for _ in range(4)]
    begin = Barrier(len(numbers))

    def promote(number: int) -> str:
        begin.wait()
        try:
            step(parts, number, "live")
        except PrototypeError as error:
            return error.rule
        return "live"

    with ThreadPoolExecutor(len(numbers)) as pool:
        assert sorted(pool.map(promote, numbers)) == ["live", "taken", "taken", "taken"]


def test_examples_that_cannot_be_used_are_named(
    parts: Parts, named: tuple[list[str], list[str]]
) -> None:
    made_by = parts.screener.current().bundle.embedding_id
    one, other = named
    for sides, rule, names in (
        ((one[1:], other), "too_few", ()),
        ((one * 20 + [f"x-{n}" for n in range(100)], other), "too_many", ()),
        (([*one, other[0]], other), "both_sides", (other[0],)),
        (([*one, "nobody"], other), "unknown", ("nobody",)),
    ):
        with pytest.raises(ExamplesError) as refused, parts.sessions() as session:
            examples(session, made_by, *sides)
        assert (refused.value.rule, refused.value.names) == (rule, names)
    with pytest.raises(ExamplesError) as refused, parts.sessions() as session:
        examples(session, "another network", one, other)
    assert refused.value.rule == "unseen"


def test_settled_posts_are_offered(parts: Parts, add_near: AddNear) -> None:
    add_near("right", {"sunset": "relevant"}, decided_by="moderator")
    add_near("wrong", {"sunset": "irrelevant"}, decided_by="moderator")
    add_near("model", {"sunset": "relevant"})
    made_by = parts.screener.current().bundle.embedding_id
    with parts.sessions() as session:
        assert settled(session, "sunset", made_by) == (["right"], ["wrong"])
