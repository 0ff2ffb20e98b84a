"""Judge stored posts again by the live rules, a few at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from rules import (
    Decision,
    Judgement,
    Seen,
    Sight,
    judge,
    menu_of,
    opinion,
    with_menus,
    with_votes,
)
from service.audit import record
from service.backtest.batch_judge import BatchJudge
from service.backtest.result import decision_now
from service.backtest.stored import StoredPost, chosen, following
from service.live_versions import live_versions
from service.parts import Parts
from service.reruns.start import end
from service.reruns.turn import hold
from service.reruns.write import Change, write
from service.screen import Screen
from service.tables import Json, Rerun

MOST_RULESETS = 20


def step(parts: Parts, rerun: Rerun, current: Screen, again: BatchJudge, most: int) -> bool:
    """Judge the next few posts.

    Returns:
        whether there is more to do at once.
    """
    if current.ruleset.name != rerun.ruleset:
        with parts.sessions.begin() as session:
            # Else this process has not got them yet, and asks again.
            held = hold(session, rerun)
            if held is not None and _is_overtaken(session, held):
                _end(session, held, "overtaken")
        return False
    with parts.sessions() as session:
        posts = following(session, rerun.since, rerun.reached, most)
        late = not posts
        if late:
            posts = chosen(session, rerun.waiting[:most])
    changes = [
        Change(post, judge_stored(current, post))
        for post, verdicts in zip(posts, again.verdicts(posts), strict=True)
        if _changes(post, verdicts)
    ]
    with parts.sessions.begin() as session:
        held = hold(session, rerun)
        if held is None:
            return False
        if _is_overtaken(session, held):
            _end(session, held, "overtaken")
            return False
        counted = Counter[str]()
        waiting = write(session, parts.config, changes, current, counted)
        before = len(held.waiting)
        if late:
            held.waiting = [*held.waiting[most:], *waiting]
        else:
            held.waiting = [*held.waiting, *waiting]
            held.reached, held.seen = posts[-1].id, held.seen + len(posts)
        counted["settled"] += sum(post.settled for post in posts)  # of those that waited, too
        held.result = _added(held.result, counted)
        held.lexicon_now = current.ruleset.lexicon.digest
        if late and not held.waiting:
            _end(session, held, "done")
            return False
        # Those that stay open are asked about again in a while.
        return not late or len(held.waiting) < before


def _is_overtaken(session: Session, rerun: Rerun) -> bool:
    asked = None if rerun.ruleset_id is None else str(rerun.ruleset_id)
    return live_versions(session).ruleset != asked


def _end(session: Session, held: Rerun, state: str) -> None:
    end(held, state)
    record(session, held.who, f"rules.rejudging_{state}", f"rerun:{held.id}", dict(held.result))


def _changes(post: StoredPost, verdicts: Sequence[str]) -> bool:
    if post.settled:
        return False
    said = [tag.said for tag in post.tags]
    return said != list(verdicts) or post.decision != decision_now(post, verdicts)


def judge_stored(current: Screen, post: StoredPost) -> Judgement:
    """The judgement on a stored post. Its scores are rounded to four digits and its facts are those
    of then; thresholds are known for the live bundle only.
    """
    edges: Mapping[str, tuple[float | None, float | None]] = {}
    if post.bundle == current.bundle.id:
        edges = {label.name: (label.true_at, label.false_at) for label in current.bundle.labels}
    sights: list[Sight] = [
        {
            name: Seen(seen["score"], seen["fact"], *edges.get(name, (None, None)), seen.get("at"))
            for name, seen in image.items()
        }
        for image in post.images
    ]
    judgement = judge(current.ruleset, [tag.tag for tag in post.tags], sights)
    # Neighbours are not asked again: what they said holds while no rule covers the hashtag.
    votes = {n: opinion(tag.votes) for n, tag in enumerate(post.tags) if tag.votes}
    menus = {n: menu_of(tag.menu) for n, tag in enumerate(post.tags) if tag.menu}
    if menus:  # nor is a photograph read again
        judgement = with_menus(judgement, menus)
    judgement = with_votes(judgement, votes) if sights else judgement
    return replace(judgement, decision=Decision.REVIEW) if post.unseen else judgement


def _added(result: Json, counted: Counter[str]) -> Json:
    """The counts with those of a step. Of the rulesets of then, the commonest are named."""
    total = Counter(result) + counted
    named = [key for key, _ in total.most_common() if key.startswith("by ")][:MOST_RULESETS]
    return {key: n for key, n in total.items() if not key.startswith("by ") or key in named}
