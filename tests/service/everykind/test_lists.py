"""Lists, figures and exports count each post as the tables do."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from prometheus_client import CollectorRegistry
from sqlalchemy import func, select, update

from rules.verdicts.ruleset import DEFAULT
from service.cases.blind import decision_shown
from service.clusters.counts import count_again
from service.commands.root import main
from service.hourly.rollup import roll_up
from service.operations.state import StateCollector
from service.posts.search import search
from service.rulesets.figures import by_category
from service.tables import Campaign, Case, HourlyFigure, Image, Post, Review, Verdict
from tests.service.everykind.world import World

pytestmark = pytest.mark.slow  # the world takes ten seconds to make

Call = Callable[..., Result]


@pytest.fixture
def call(world: World, monkeypatch: pytest.MonkeyPatch) -> Call:
    """A command as an operator types it."""
    config = world.parts.config
    for name, value in {
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "TAGSIFT_DATA": str(world.folder),
        "TAGSIFT_SECRET_KEY": config.secret_key.get_secret_value(),
        "TAGSIFT_WEBHOOK_SECRETS": config.webhook_secrets[0].get_secret_value(),
        "TAGSIFT_API_KEYS": config.api_keys[0].get_secret_value(),
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Result:
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        return done

    return run


def counted(world: World, column: Any, *where: Any) -> Counter[Any]:
    query = select(column, func.count()).where(*where).group_by(column)
    with world.parts.sessions() as session:
        return Counter({name: int(n) for name, n in session.execute(query)})


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_export_has_each_photograph_that_a_person_settled_once(
    world: World, call: Call, tmp_path: Path
) -> None:
    call("reviews", "export", "--out", str(tmp_path / "out"))
    known, open_ = (rows(tmp_path / "out" / f"{name}.csv") for name in ("labels", "to_label"))
    settled = (
        select(Image.id)
        .join(Post)
        .where(
            Post.state == "decided",
            Post.decided_by != "model",
            Image.video_id.is_(None),
            Image.derivative.is_not(None),
        )
    )
    with world.parts.sessions() as session:
        wanted = Counter(f"photographs/{row}.jpg" for row in session.scalars(settled))
    assert Counter(row["file"] for row in (*known, *open_)) == wanted
    files = {f"photographs/{one.name}" for one in (tmp_path / "out" / "photographs").iterdir()}
    assert files == set(wanted)
    for row in known:
        assert not set(row["labels"].split("|")) & set(row["not"].split("|")) - {""}, row
        said = dict(pair[1:].split("=") for pair in row["answers"].split(" "))
        if said == {"맛집": "irrelevant"}:
            assert "food" in row["not"].split("|")
        if row["post"] == "menu, settled":
            assert "food" in row["unknown"].split("|")


def test_a_backtest_from_the_command_line_finds_the_same(world: World, call: Call) -> None:
    report = json.loads(call("rules", "backtest", str(DEFAULT), "--json").stdout)
    assert report["posts"] == counted(world, Post.state)["decided"]
    flips = {(one["then"], one["now"]): one["count"] for one in report["flips"]}
    assert {flip: n for flip, n in flips.items() if len(set(flip)) == 2} == {
        ("relevant", "irrelevant"): 1,
        ("irrelevant", "relevant"): 1,
    }


@pytest.mark.parametrize(
    "command",
    [
        ("audit", "verify"),
        ("audit", "export"),
        ("bundles", "list"),
        ("bundles", "status"),
        ("callbacks", "list"),
        ("lexicon", "export"),
        ("moderator", "list"),
        ("rules", "list"),
        ("rules", "replay"),
    ],
    ids=" ".join,
)
def test_a_command_goes_through_all_there_is(call: Call, command: tuple[str, ...]) -> None:
    assert call(*command).stdout


def test_metrics_count_posts_and_callbacks(world: World) -> None:
    registry = CollectorRegistry()
    registry.register(StateCollector(world.parts.sessions))
    (posts,) = [one for one in registry.collect() if one.name == "tagsift_posts"]
    found = Counter[str]()
    for sample in posts.samples:
        found[sample.labels["state"]] += int(sample.value)
    assert found == counted(world, Post.state)


def test_the_hours_figures_are_those_of_the_rows(world: World) -> None:
    def total(figure: str, what: Any = HourlyFigure.n, **where: str) -> int:
        query = select(func.sum(what)).where(HourlyFigure.figure == figure)
        with world.parts.sessions() as session:
            return int(session.scalar(query.filter_by(**({"category": ""} | where))) or 0)

    assert total("posts") == counted(world, Post.state)["decided"]
    open_ = counted(world, Case.closed_at.is_(None))
    assert total("opened") == open_.total()
    assert total("opened", HourlyFigure.hits) == open_[True]
    assert total("closed") == open_[False]
    kinds = counted(world, Review.kind, Review.undone_at.is_(None))
    assert total("spot_checks") == kinds["spot_check"]


def test_figures_of_categories_count_each_verdict(world: World) -> None:
    with world.parts.sessions() as session:
        begun = select(func.date_trunc("hour", func.min(Post.received_at)))
        figures = by_category(session, session.scalars(begun).one())
    own = Verdict.post_id.in_(select(Post.id).where(Post.state == "decided"))
    wanted = counted(world, Verdict.category, own, Verdict.category.is_not(None))
    assert {name: one.total for name, one in figures.items()} == wanted


def test_each_living_post_is_found_by_id_author_and_hashtag(world: World) -> None:
    with world.parts.sessions() as session:
        living = Post.state.in_(("pending", "decided"))
        for post in session.scalars(select(Post).where(living)).all():
            for by, wanted in (("id", post.external_id), ("author", post.author_id)):
                (those,) = [one for one in search(session, wanted, most=100) if one.by == by]
                assert [one.id for one in those.posts].count(post.id) == 1, (by, wanted)
            for verdict in post.verdicts:
                if verdict.normalised:
                    found = [
                        one for one in search(session, verdict.tag, most=100) if one.by == "hashtag"
                    ]
                    assert [one.id for one in found[0].posts].count(post.id) == 1


def test_counts_of_campaigns_are_those_of_their_posts(changing: World) -> None:
    columns = ("posts", "authors", "hashtags", "reach")
    with changing.parts.sessions.begin() as session:
        for campaign in session.scalars(select(Campaign)).all():
            before = [getattr(campaign, name) for name in columns]
            count_again(session, campaign.id)
            session.refresh(campaign)
            assert [getattr(campaign, name) for name in columns] == before


def test_an_answer_leaves_what_the_model_decided(changing: World) -> None:
    """In figures, and where a post is shown again to somebody who is not to know of the answer."""
    ours = Post.state == "decided", Post.decided_by == "model"
    with changing.parts.sessions.begin() as session:
        session.execute(update(Case).values(leased_until=None, holder_id=None, handed_to_id=None))
        posts = {post.id: post.decision for post in session.scalars(select(Post).where(*ours))}
    kinds = HourlyFigure.figure == "posts", HourlyFigure.category == ""
    columns = select(HourlyFigure.kind, func.sum(HourlyFigure.n)).where(*kinds)
    by_kind = columns.group_by(HourlyFigure.kind)
    with changing.parts.sessions() as session:
        before = dict(session.execute(by_kind).all())
        tags = {row: [v.tag for v in session.get_one(Post, row).verdicts] for row in posts}
    for row in posts:
        changing.settles("fay", row, **dict.fromkeys(tags[row], "relevant"))
    roll_up(changing.parts)
    with changing.parts.sessions() as session:
        assert dict(session.execute(by_kind).all()) == before
        again = Case(kind="double")
        assert {
            row: decision_shown(session, session.get_one(Post, row), again) for row in posts
        } == posts
