"""What a ruleset would have done, told from what is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from rules import Seen, Verdict, judge
from service.backtest.batch_judge import BatchJudge
from service.backtest.report import Report
from service.backtest.result import Result, backtest
from service.backtest.stored import StoredPost, Tag, count, reading, stream
from service.parts import Parts
from service.rulesets import store
from service.tables import Image, Post
from service.tables import Verdict as Row
from tests.service.conftest import Variant

LABELS = ("food", "drink", "adult", "child", "flower", "cat")
FACTS = (True, False, None)
Add = Callable[..., int]


@pytest.fixture
def add(parts: Parts) -> Add:
    """``add(tags, *images, settled=…)``: a decided post; an image is its labels' facts."""
    made = iter(range(10_000))

    def make(
        tags: dict[str, str],
        *images: dict[str, bool | None],
        settled: dict[str, str] | None = None,
        received_at: datetime | None = None,
    ) -> int:
        post = Post(
            external_id=f"p-{next(made)}",
            revision=1,
            author_id="u",
            caption="",
            hashtags=list(tags),
            posted_at=datetime(2026, 11, 20, tzinfo=UTC),
            state="decided",
            decision="pass",
            decided_by="moderator" if settled else "model",
            received_at=received_at or datetime.now(UTC),
        )
        post.verdicts = [
            Row(
                position=position,
                tag=tag,
                normalised=tag,
                verdict=(settled or tags)[tag],
                model_verdict=said,
                category="cafe" if tag == "카페" else None,
                resolved_by="lexicon",
                confidence=0.9,
                reason={},
                trace={},
            )
            for position, (tag, said) in enumerate(tags.items())
        ]
        post.images = [
            Image(
                position=position,
                labels={
                    name: {"score": {True: 0.9, None: 0.5, False: 0.1}[fact], "fact": fact}
                    for name, fact in facts.items()
                },
            )
            for position, facts in enumerate(images)
        ]
        with parts.sessions.begin() as session:
            session.add(post)
            session.flush()
            return post.id

    return make


def _again(parts: Parts, variant: Variant, rule: str, matches: str) -> BatchJudge:
    return BatchJudge(store.check(variant(rule, matches), parts.screener.current()))


def _run(parts: Parts, again: BatchJudge, since: datetime | None = None) -> Result:
    with reading(parts.sessions) as session:
        return backtest(again, stream(session, since))


@pytest.fixture
def drinks_only(parts: Parts, variant: Variant) -> BatchJudge:
    return _again(parts, variant, "drink", "[drink]")


FOOD, DRINK = {"food": True, "drink": False}, {"food": False, "drink": True}


def test_flips_are_counted_with_their_direction_category_and_posts(
    parts: Parts, add: Add, drinks_only: BatchJudge
) -> None:
    flips = add({"카페": "relevant", "일상": "unverifiable"}, FOOD)
    add({"카페": "relevant"}, DRINK)
    add({"카페": "relevant"}, FOOD, DRINK)
    result = _run(parts, drinks_only)
    assert result.posts == 3
    assert dict(result.flips) == {
        ("relevant", "irrelevant"): 1,
        ("relevant", "relevant"): 2,
        ("unverifiable", "unverifiable"): 1,
    }
    assert result.flipped == 1
    assert dict(result.categories["cafe"]) == {
        ("relevant", "irrelevant"): 1,
        ("relevant", "relevant"): 2,
    }
    assert dict(result.decisions) == {("pass", "flag"): 1, ("pass", "pass"): 2}
    [sample] = result.samples["relevant", "irrelevant"]
    assert (sample.post_id, sample.tag) == (flips, "카페")


def test_precision_and_recall_are_those_against_people(
    parts: Parts, add: Add, drinks_only: BatchJudge
) -> None:
    add({"카페": "uncertain"}, FOOD, settled={"카페": "irrelevant"})  # now irrelevant: right
    add({"카페": "relevant"}, FOOD, settled={"카페": "relevant"})  # now irrelevant: wrong
    add({"카페": "irrelevant"}, DRINK, settled={"카페": "irrelevant"})  # now relevant: wrong
    add({"카페": "irrelevant"}, FOOD)  # nobody settled it
    result = _run(parts, drinks_only)
    then, now = (result.precision("irrelevant", now=value) for value in (False, True))
    assert (then.hits, then.of) == (1, 1)
    assert (now.hits, now.of) == (1, 2)
    recall = result.recall("irrelevant", now=True)
    assert (recall.hits, recall.of) == (1, 2)


def test_a_post_without_a_readable_photograph_stays_with_a_person(
    parts: Parts, add: Add, drinks_only: BatchJudge
) -> None:
    add({"카페": "uncertain", "일상": "unverifiable"})
    result = _run(parts, drinks_only)
    assert result.flipped == 0
    assert dict(result.decisions) == {("review", "review"): 1}


def test_only_posts_received_since_then_are_asked(
    parts: Parts, add: Add, drinks_only: BatchJudge
) -> None:
    now = datetime.now(UTC)
    add({"카페": "relevant"}, FOOD, received_at=now - timedelta(days=8))
    add({"카페": "relevant"}, FOOD)
    assert _run(parts, drinks_only, now - timedelta(days=7)).posts == 1
    with reading(parts.sessions) as session:
        assert count(session, now - timedelta(days=7)) == 1
        assert count(session, None) == 2


@pytest.mark.parametrize(
    "rule",
    ["food or drink", "adult and not child", "at least 2 of (food, drink, flower)", "food >= 0.5"],
)
def test_many_at_once_are_judged_as_one_by_one(parts: Parts, variant: Variant, rule: str) -> None:
    ruleset = store.check(
        variant(rule, '["food drink adult flower"]', "[cat]"), parts.screener.current()
    )
    tags = ("카페", "연애", "고양이", "애견동반카페", "일상", "bqzxv", "coffeelover")
    posts = [_post(number, tags) for number in range(200)]
    for post, verdicts in zip(posts, BatchJudge(ruleset).verdicts(posts), strict=True):
        sights = [
            {name: Seen(seen["score"], seen["fact"]) for name, seen in image.items()}
            for image in post.images
        ]
        said = judge(ruleset, tags, sights).verdicts
        assert verdicts == [one.verdict.value for one in said]


def _post(number: int, tags: Sequence[str]) -> StoredPost:
    images = [
        {
            name: {"score": {True: 0.9, None: 0.5, False: 0.1}[fact], "fact": fact}
            for place, name in enumerate(LABELS)
            for fact in [FACTS[(number * 7 + image * 5 + place * (number // 3 + 1)) % 3]]
        }
        for image in range(number % 3)
    ]
    said = [Tag(tag, Verdict.RELEVANT.value, "relevant", None) for tag in tags]
    return StoredPost(number, f"p-{number}", False, said, images)


@pytest.mark.parametrize("old", [False, True], ids=["as now", "by an older release"])
def test_frames_that_rules_do_not_judge_are_left_out(
    parts: Parts, add: Add, drinks_only: BatchJudge, old: bool
) -> None:
    row = add({"카페": "relevant"}, DRINK)
    with parts.sessions.begin() as session:
        session.add(Image(post_id=row, position=100, labels=None, frame={"time": 0.5}))
        if old:
            session.flush()
            session.execute(text("UPDATE images SET labels = 'null' WHERE position = 100"))
    result = _run(parts, drinks_only)
    assert (result.posts, result.flipped) == (1, 0)
    with parts.sessions() as session:
        none = session.scalar(text("SELECT labels IS NULL FROM images WHERE position = 100"))
    assert none is not old


def test_the_database_refuses_to_be_written(parts: Parts, add: Add) -> None:
    add({"카페": "relevant"}, FOOD)
    with reading(parts.sessions) as session, pytest.raises(InternalError, match="read-only"):
        session.execute(text("DELETE FROM posts"))


def test_the_report_says_the_same_as_text_data_and_page(
    parts: Parts, add: Add, drinks_only: BatchJudge
) -> None:
    row = add(
        {"<카페>": "unverifiable", "카페": "relevant"},
        FOOD,
        settled={"<카페>": "irrelevant", "카페": "relevant"},
    )
    report = Report("new-1", None, "http://host", 1.0, _run(parts, drinks_only))
    data = json.loads(json.dumps(report.data()))
    assert data["posts"] == 1
    assert data["quality"]["irrelevant"]["precision now"] == {
        "hits": 1,
        "of": 2,
        "value": 0.5,
        "low": pytest.approx(0.0945, abs=1e-3),
        "high": pytest.approx(0.9055, abs=1e-3),
    }
    assert data["samples"][0]["posts"][0]["url"] == f"http://host/posts/{row}"
    assert f"http://host/posts/{row}" in report.text()
    page = report.html()
    assert f'href="http://host/posts/{row}"' in page
    assert "<카페>" not in page
    assert "http" not in page.replace("http://host", ""), "the page needs nothing from elsewhere"
