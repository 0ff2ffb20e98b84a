"""Rules that judge all stored posts agree with what decided them, and twice is once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from rules import Decision, is_settled
from rules.verdicts.ruleset import DEFAULT
from service.backtest.stored import chosen, reading
from service.operations.tallies import tally
from service.parts import Parts
from service.posts.representation import represent
from service.reruns.rejudge import judge_stored
from service.reruns.start import RerunError, start_backtest, start_rejudgement
from service.reruns.work import go_on
from service.rulesets import store
from service.rulesets.figures import of_shadow
from service.rulesets.replays import replay_all
from service.rulesets.source import RulesetSource
from service.tables import Case, Delivery, Post, Rerun, ShadowVerdict, StoredRuleset, Verdict
from tests.service.everykind.world import World

pytestmark = pytest.mark.slow  # the world takes ten seconds to make

OTHERWISE = {"old ruleset", "old ruleset, flagged"}  # by rules that are not live any more
A_PERSONS = ("watched", "film beside a photograph", "nobody saw the film", "given up")
CATS = 'rule: cat\n    matches: ["animal cat"]\n    not_matches: ["animal dog"]'
FOOD = "rule: food\n    matches: [food]\n    not_matches: [drink]\n  cafe"


def backtest(parts: Parts, number: int | None = None) -> Rerun:
    with parts.sessions.begin() as session:
        made = start_backtest(session, number, None, "ana", parts.screener.current()).id
    return finished(parts, made)


def finished(parts: Parts, number: int) -> Rerun:
    go_on(parts, number, seconds=120)
    with parts.sessions() as session:
        return session.get_one(Rerun, number)


def rejudge(parts: Parts, preview: Rerun) -> Rerun:
    with parts.sessions.begin() as session:
        screen = parts.screener.current()
        made = start_rejudgement(session, preview, "ana", "other rules", screen).id
    return finished(parts, made)


def promote(parts: Parts, old: str, new: str) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    assert old in text
    with parts.sessions.begin() as session:
        screen = parts.screener.current()
        source = RulesetSource("other.yaml", text.replace(old, new).encode())
        store.promote(session, store.add(session, source, "ana", "", screen).id, "ana", "", screen)


def posts(world: World) -> dict[str, dict[str, Any]]:
    """Every post as the platform sees it, by its kind."""
    with world.parts.sessions() as session:
        return {kind: represent(session.get_one(Post, row)) for kind, row in world.posts.items()}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {kind for kind in before if before[kind] != after[kind]}


def assert_queue_follows_decisions(parts: Parts) -> None:
    """Whatever the model flagged or doubts waits for a person, unless one said so before; nothing
    else does."""
    waits = select(Case.post_id).where(Case.kind == "review", Case.closed_at.is_(None))
    ours = select(Post).where(Post.state == "decided", Post.decided_by == "model")
    with parts.sessions() as session:
        waiting = set(session.scalars(waits))
        for post in session.scalars(ours):
            open_ = [v for v in post.verdicts if v.verdict in ("irrelevant", "uncertain")]
            settled = bool(open_) and all(is_settled(one.reason) for one in open_)
            asks = post.decision != Decision.PASS and not settled
            assert (post.id in waiting) == asks, (post.external_id, post.decision)
        gone = select(Case.post_id).join(Post).where(Post.state != "decided")
        assert session.scalars(gone.where(Case.closed_at.is_(None))).all() == []


def test_a_backtest_of_the_live_rules_finds_what_older_rules_decided(world: World) -> None:
    with world.parts.sessions() as session:
        seen = session.scalars(select(Rerun)).one()
        decided = select(func.count()).where(Post.state == "decided", Post.decided_by == "model")
        tags = select(func.count()).select_from(Verdict).join(Post).where(Post.state == "decided")
        model, verdicts = session.scalar(decided), session.scalar(tags)
    assert seen.result["posts"] - seen.result["settled_posts"] == model
    assert sum(count for *_, count in seen.result["flips"]) == verdicts
    assert seen.result["unsettled"] == {"posts": 2, "verdicts": 2, "decisions": 2}


def test_judged_anew_each_post_gets_the_decision_that_it_has(world: World) -> None:
    current = world.parts.screener.current()
    with world.parts.sessions() as session:
        stored = {one.id: one for one in chosen(session, world.posts.values())}
    rows = {kind: stored[row] for kind, row in world.posts.items() if row in stored}
    said = {kind: judge_stored(current, one) for kind, one in rows.items()}
    others = {
        kind
        for kind, one in rows.items()
        if [str(tag.verdict) for tag in said[kind].verdicts] != [tag.said for tag in one.tags]
    }
    assert others == OTHERWISE


def test_judging_again_changes_what_older_rules_decided_and_once(changing: World) -> None:
    parts, before = changing.parts, posts(changing)
    told = select(func.count()).select_from(Delivery)
    with parts.sessions() as session:
        known = session.scalar(told) or 0
    done = rejudge(parts, backtest(parts))
    assert (done.state, done.waiting) == ("done", [])
    assert changed(before, posts(changing)) == OTHERWISE
    with parts.sessions() as session:
        assert (session.scalar(told) or 0) - known == len(OTHERWISE)
    assert_queue_follows_decisions(parts)
    assert_nothing_is_left(parts)


def assert_nothing_is_left(parts: Parts) -> None:
    seen = backtest(parts)
    assert seen.result["unsettled"] == {"posts": 0, "verdicts": 0, "decisions": 0}
    with pytest.raises(RerunError) as refused:
        rejudge(parts, seen)
    assert refused.value.code == "nothing"


OTHER_RULES = {
    "cats need flowers": (
        CATS,
        'rule: cat and flower\n    matches: ["animal cat flower"]\n    not_matches: [cat]',
    ),
    "whatever is no cat is food": (
        FOOD,
        FOOD.replace("food\n", "food or not cat\n", 1).replace("drink", "cat"),
    ),
}


@pytest.mark.parametrize("name", OTHER_RULES)
def test_by_other_rules_persons_keep_what_is_theirs(changing: World, name: str) -> None:
    parts, before = changing.parts, posts(changing)
    promote(parts, *OTHER_RULES[name])
    done = rejudge(parts, backtest(parts))
    opened = {changing.posts["held"], changing.posts["taken back"]}
    assert set(done.waiting) <= opened
    with parts.sessions.begin() as session:
        session.execute(update(Case).values(leased_until=None, holder_id=None))
    done = finished(parts, done.id)
    assert (done.state, done.waiting) == ("done", [])
    after = posts(changing)
    others = changed(before, after)
    assert done.result["posts"] == len(others)
    assert others.isdisjoint(kind for kind in before if before[kind]["decided_by"] != "model")
    for kind in A_PERSONS:
        assert after[kind]["decision"] != "pass", kind
    assert_queue_follows_decisions(parts)
    assert_nothing_is_left(parts)


def test_rules_that_are_live_in_shadow_disagree_with_nothing(world: World) -> None:
    with world.parts.sessions() as session:
        number = session.scalars(
            select(StoredRuleset.id).where(StoredRuleset.state == "shadow")
        ).one()
        figures = of_shadow(session, number)
        judged = (
            select(func.count())
            .select_from(Verdict)
            .where(Verdict.post_id > world.posts["old bundle"])
        )
        kept = select(func.count()).select_from(ShadowVerdict)
        assert figures.total == session.scalar(judged) == session.scalar(kept)
        assert figures.same == figures.total
        assert sum(tally(session, f"shadow {number}").values()) == figures.total


def test_each_trace_leads_to_its_verdict(world: World) -> None:
    with reading(world.parts.sessions) as session:
        assert [one for one in replay_all(session, None) if one] == []


def test_the_queue_follows_the_decisions(world: World) -> None:
    assert_queue_follows_decisions(world.parts)
