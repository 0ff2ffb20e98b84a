"""What votes are usual is learned from stored posts."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from service.parts import Parts
from service.queue import VOTES
from service.tables import Upkeep, UsualVotes
from service.votes import learn
from service.votes.learn import Carried, _samples, hint_votes, learn_votes
from tests.service.screening.conftest import change
from tests.service.votes.conftest import AddNear

AUTHORS = 40  # of each group; half of them show what is usual, and half check it


@pytest.fixture
def two_groups(add_near: AddNear) -> None:
    """Sunsets near one direction, and something else far from them; #vibe stands everywhere."""
    for number in range(AUTHORS):
        vague = {"vibe쀍": "unverifiable"} if number % 2 else {}
        add_near(f"s-{number}", {"sunset": "unverifiable", "카페": "relevant"} | vague, 30, number)
        add_near(f"o-{number}", {"일상": "unverifiable"} | vague, 120, 500 + number)


@pytest.mark.slow
@pytest.mark.usefixtures("two_groups")
def test_a_hashtag_of_posts_that_look_alike_is_voted_on(parts: Parts) -> None:
    # 카페 has a rule, 일상 shows nothing, and what stands everywhere says nothing of pictures.
    assert learn_votes(change(parts, vote_neighbours=15)) == 1
    with parts.sessions() as session:
        learned = session.scalars(select(UsualVotes)).one()
    assert (learned.normalised, learned.tag, learned.authors) == ("sunset", "sunset", AUTHORS)
    assert learned.prior == pytest.approx(0.5)
    assert learned.support == pytest.approx(1)
    assert learned.floor == pytest.approx(1)
    half = AUTHORS // 2
    assert learned.figures["right"] == {"posts": half, "for": half, "against": 0}
    # The others that are asked about at all stand in the sample of #vibe.
    assert learned.figures["other"] == {"posts": half, "for": 0, "against": half}


@pytest.mark.slow
@pytest.mark.usefixtures("two_groups")
def test_a_post_that_has_the_hashtag_is_not_counted_among_those_without_it(
    parts: Parts, add_near: AddNear
) -> None:
    for number in range(1, AUTHORS, 2):  # so that their #vibe is asked about another post of theirs
        author = f"s-{number}"
        add_near(f"n-{number}", {"sunset": "unverifiable"}, 30, 900 + number, author_id=author)
    learn_votes(change(parts, vote_neighbours=15))
    with parts.sessions() as session:
        learned = session.get_one(UsualVotes, "sunset")
    half = AUTHORS // 2  # the others with #vibe
    assert learned.figures["other"] == {"posts": half, "for": 0, "against": half}


@pytest.mark.slow
@pytest.mark.usefixtures("two_groups")
def test_too_few_authors_teach_nothing(parts: Parts) -> None:
    assert learn_votes(change(parts, vote_authors=AUTHORS + 1)) == 0


def test_of_a_hashtag_only_its_newest_posts_are_read_and_asked(
    parts: Parts, add_near: AddNear, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = parts.screener.current().bundle.embedding_id
    carried = [Carried("sunset", "sunset", 9, 0.5)]
    # The author of the two newest carries it twice; one post waits, and one verdict is against it.
    rows = [
        add_near(f"p-{n}", {"sunset": verdict}, seed=n, author_id=author, decision=decision)
        for n, (author, verdict, decision) in enumerate(
            [
                ("u-0", "unverifiable", "pass"),
                ("u-1", "relevant", "pass"),
                ("u-2", "uncertain", "pass"),
                ("u-3", "unverifiable", "review"),
                ("u-4", "unverifiable", "pass"),
                ("u-5", "unverifiable", "pass"),
                ("u-5", "unverifiable", "pass"),
            ]
        )
    ]
    with parts.sessions() as session:
        assert _samples(session, carried, network) == {"sunset": [rows[n] for n in (6, 4, 1, 0)]}
        monkeypatch.setattr(learn, "NEWEST", 3)
        assert _samples(session, carried, network) == {"sunset": [rows[n] for n in (6, 4, 1)]}
        monkeypatch.setattr(learn, "SAMPLE", 2)
        assert _samples(session, carried, network) == {"sunset": [rows[n] for n in (6, 4)]}


def test_what_was_learned_goes_with_the_posts_it_came_from(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        row = UsualVotes(normalised="x", tag="x", authors=9, figures={})
        row.prior, row.support, row.floor = 0.1, 0.5, 0.1
        session.add(row)
    assert learn_votes(parts) == 0
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(UsualVotes)) == 0


def test_it_is_asked_for_once_a_day(parts: Parts) -> None:
    hint_votes(parts)
    assert parts.redis.llen("upkeep") == 0
    with parts.sessions.begin() as session:
        session.execute(update(Upkeep).where(Upkeep.name == VOTES).values(due_at=func.now()))
    hint_votes(parts)
    hint_votes(parts)
    assert parts.redis.llen("upkeep") == 1
    hint_votes(change(parts, vote_neighbours=0))
    assert parts.redis.llen("upkeep") == 1
