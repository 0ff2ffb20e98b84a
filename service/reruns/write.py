"""What judging stored posts again changes: verdicts, decision, queue and callback, as screening
would have it.

What a person settled stays, and so does what a person has to answer already (an appeal). A post
that somebody has open is left for later, so that nothing changes under their eyes. A post all of
whose verdicts come out the same is left as it is, with the ruleset and the trace of then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules import Decision, Judgement, Verdict, is_settled, with_settled
from service.authors import under_watch
from service.backtest.stored import StoredPost
from service.cases import close, open_review
from service.cases.locked import hold_cases
from service.cases.priority import priority
from service.config import Config
from service.copies.follow import still_checked
from service.outbox.enqueue import enqueue
from service.posts.lock import hold_posts
from service.quality.spot_checks import draw_spot_check
from service.screen import Screen
from service.tables import Case, Post

OURS = frozenset({"review", "spot_check"})  # what screening opens, and so may close


@dataclass(frozen=True)
class Change:
    """A post that comes out otherwise."""

    before: StoredPost
    judgement: Judgement


def write(
    session: Session,
    config: Config,
    changes: Sequence[Change],
    current: Screen,
    counted: Counter[str],
) -> list[int]:
    """Write what changes, in the caller's transaction.

    Returns:
        the posts that somebody has open.
    """
    posts = {post.id: post for post in hold_posts(session, [one.before.id for one in changes])}
    cases: dict[int, list[Case]] = {row_id: [] for row_id in posts}
    for case in hold_cases(session, Case.post_id.in_(posts), Case.closed_at.is_(None)):
        cases[case.post_id].append(case)
    now = session.scalars(select(func.clock_timestamp())).one()
    waiting = []
    for change in changes:
        post = posts.get(change.before.id)
        if post is None or not _is_as_read(post, change.before):
            continue  # answered, replaced or deleted since
        its = cases[post.id]
        if any(case.kind not in OURS for case in its):
            counted["with_people"] += 1
        elif any(case.leased_until is not None and case.leased_until > now for case in its):
            waiting.append(post.id)
        else:
            _apply(session, config, post, change, current, its, now)
            counted["posts"] += 1
            counted["decisions"] += change.before.decision != post.decision
            counted["verdicts"] += sum(
                tag.said != one.verdict
                for tag, one in zip(change.before.tags, change.judgement.verdicts, strict=True)
            )
            counted[f"by {change.before.ruleset}"] += 1
    return waiting


def _is_as_read(post: Post, before: StoredPost) -> bool:
    return (
        post.state == "decided"
        and post.decided_by == "model"
        and post.decision == before.decision
        and [one.model_verdict for one in post.verdicts] == [tag.said for tag in before.tags]
    )


def _apply(
    session: Session,
    config: Config,
    post: Post,
    change: Change,
    current: Screen,
    cases: Sequence[Case],
    now: datetime,
) -> None:
    said = change.judgement
    # What a person gave a copy of this post is not the rules' to change.
    given = {row.position: Verdict(row.verdict) for row in post.verdicts if is_settled(row.reason)}
    judgement = under_watch(session, post.author_id, with_settled(said, given) if given else said)
    judgement = still_checked(session, post, judgement)
    for row, one, rules in zip(post.verdicts, judgement.verdicts, said.verdicts, strict=True):
        row.verdict, row.model_verdict = one.verdict.value, rules.verdict.value
        row.normalised, row.category = one.normalised, one.category
        row.resolved_by, row.confidence = one.resolved_by, one.confidence
        row.reason, row.trace = dict(one.reason), {"bundle": post.bundle, **one.trace}
    if change.before.images and not change.before.unseen:  # else it is why a person should look
        post.reason = dict(judgement.reason)
    post.decision = judgement.decision.value
    post.ruleset, post.decided_at = current.ruleset.id, now
    session.flush()
    _queue(session, config, post, judgement, {case.kind: case for case in cases})
    if config.callback_url:
        enqueue(session, post)


def _queue(
    session: Session, config: Config, post: Post, judgement: Judgement, cases: Mapping[str, Case]
) -> None:
    """The cases that screening would have opened."""
    passes = judgement.decision is Decision.PASS
    wanted, other = ("spot_check", "review") if passes else ("review", "spot_check")
    if other in cases:
        close(session, Case.id == cases[other].id)
    if passes and wanted not in cases:
        draw_spot_check(session, post, config)
    elif not passes and wanted in cases:
        cases[wanted].priority = priority(judgement.verdicts, post.reach)
        cases[wanted].doubt = cases[wanted].priority / cases[wanted].reach
    elif not passes:
        open_review(session, post, judgement.verdicts)
