"""Count, in the database, what each ruleset decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select, union_all
from sqlalchemy.orm import Session

from intervals import Share
from service.hourly.read import HOUR
from service.live_versions import Kind
from service.operations.tallies import tally
from service.tables import HourlyFigure, Live, Post, Promotion, ShadowVerdict, Verdict

MOST_DAYS = 30
SAMPLES = 5
SETTLED_LOOKED_AT = 1_000
Flip = tuple[str, str]
Judged = Select[str | None, str, int, int, int] | Select[str, str, int, int, int]


@dataclass
class CategoryFigures:
    """Verdicts on one category's hashtags, and how often people agreed with "irrelevant"."""

    verdicts: Counter[str] = field(default_factory=Counter)
    irrelevant: Share = field(default_factory=lambda: Share(0, 0))

    @property
    def total(self) -> int:
        """How many hashtags were judged."""
        return self.verdicts.total()

    def rate(self, verdict: str) -> float:
        """How many of them got a verdict, in 0..1; 0 where none was judged."""
        return self.verdicts[verdict] / self.total if self.total else 0.0


@dataclass(frozen=True)
class ShadowFigures:
    """What a ruleset in shadow said beside the live one.

    ``flips`` counts hashtags by (live verdict, its verdict), ``samples`` has the newest posts of
    each flip. ``live`` and ``shadow`` are the precision of "irrelevant" on the posts among them
    that people settled.
    """

    flips: Mapping[Flip, int]
    samples: Mapping[Flip, Sequence[tuple[int, str, str]]]
    live: Share
    shadow: Share

    @property
    def total(self) -> int:
        """How many hashtags it was asked about."""
        return sum(self.flips.values())

    @property
    def same(self) -> int:
        """How many got the same verdict from both."""
        return sum(count for (live, shadow), count in self.flips.items() if live == shadow)


def counted_since(session: Session) -> datetime:
    """Since when the live rules are counted: since they went live, at most for some weeks."""
    earliest = datetime.now(UTC) - timedelta(days=MOST_DAYS)
    since = session.scalars(select(Live.since).where(Live.kind == Kind.RULESET)).first()
    return max(since, earliest) if since else earliest


def posts_since(session: Session, since: datetime) -> int:
    """How many posts that were received since then are decided."""
    first = _next_hour(since)
    begun = session.scalar(
        select(func.count(Post.id)).where(
            Post.state == "decided", Post.received_at >= since, Post.received_at < first
        )
    )
    row = HourlyFigure
    whole = session.scalar(
        select(func.sum(row.n)).where(row.figure == "posts", row.category == "", row.hour >= first)
    )
    return (begun or 0) + int(whole or 0)


def by_category(session: Session, since: datetime) -> Mapping[str, CategoryFigures]:
    """Figures of each category, of the posts received since then.

    Whole hours are counted already (``service/hourly``); only the rest of the first is counted
    here.
    """
    first = _next_hour(since)
    found: dict[str, CategoryFigures] = {}
    for rows in (_judged_within(since, first), _judged_from(first)):
        for category, verdict, total, of, hits in session.execute(rows):
            figures = found.setdefault(str(category), CategoryFigures())
            figures.verdicts[verdict] += int(total)
            if verdict == "irrelevant":
                before = figures.irrelevant
                figures.irrelevant = Share(before.hits + int(hits), before.of + int(of))
    return found


def _next_hour(moment: datetime) -> datetime:
    """The first whole hour that is not before a moment."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if hour == moment else hour + HOUR


def _judged_within(since: datetime, until: datetime) -> Judged:
    settled = Post.decided_by != "model"
    agreed = and_(settled, Verdict.verdict == Verdict.model_verdict)
    counts = func.count(), func.count().filter(settled), func.count().filter(agreed)
    return (
        select(Verdict.category, Verdict.model_verdict, *counts)
        .join(Post, Post.id == Verdict.post_id)
        .where(Post.state == "decided", Post.received_at >= since, Post.received_at < until)
        .where(Verdict.category.is_not(None))
        .group_by(Verdict.category, Verdict.model_verdict)
    )


def _judged_from(hour: datetime) -> Judged:
    row = HourlyFigure
    judged, agreed = row.figure == "judged", row.figure == "agreed"
    counts = (
        func.coalesce(func.sum(row.n).filter(judged), 0),
        func.coalesce(func.sum(row.hits).filter(judged), 0),
        func.coalesce(func.sum(row.hits).filter(agreed), 0),
    )
    return (
        select(row.category, row.kind, *counts)
        .where(row.figure.in_(("judged", "agreed")), row.hour >= hour)
        .group_by(row.category, row.kind)
    )


def of_shadow(session: Session, ruleset_id: int) -> ShadowFigures:
    """What a ruleset said in shadow, so far."""
    pairs = tally(session, f"shadow {ruleset_id}")
    flips = {_flip(key): count for key, count in pairs.items()}
    samples = {flip: _samples(session, ruleset_id, flip) for flip in flips if flip[0] != flip[1]}
    live, shadow = _precisions(session, ruleset_id, flips)
    return ShadowFigures(flips, samples, live, shadow)


def _flip(key: str) -> Flip:
    live, _, shadow = key.partition(" ")
    return live, shadow


def _precisions(session: Session, ruleset_id: int, flips: Collection[Flip]) -> tuple[Share, Share]:
    """Of what each called irrelevant and a person settled, how much is irrelevant still.

    The newest ``SETTLED_LOOKED_AT`` hashtags of each pair of verdicts are looked at.
    """
    newest = [
        select(ShadowVerdict)
        .where(*_is(ruleset_id, flip))
        .order_by(ShadowVerdict.post_id.desc())
        .limit(SETTLED_LOOKED_AT)
        .subquery()
        for flip in flips
        if "irrelevant" in flip
    ]
    if not newest:
        return Share(0, 0), Share(0, 0)
    said = union_all(*(select(one) for one in newest)).subquery()
    called = [said.c[name] == "irrelevant" for name in ("live_verdict", "verdict")]
    agreed = [and_(one, Verdict.verdict == "irrelevant") for one in called]
    counts = session.execute(
        select(*(func.count().filter(one) for one in (*agreed, *called)))
        .select_from(said)
        .join(Post, Post.id == said.c.post_id)
        .join(
            Verdict,
            and_(Verdict.post_id == said.c.post_id, Verdict.position == said.c.position),
        )
        .where(Post.decided_by != "model")
    ).one()
    live_hits, shadow_hits, live_of, shadow_of = (int(count) for count in counts)
    return Share(live_hits, live_of), Share(shadow_hits, shadow_of)


def newest_promotion(session: Session) -> int | None:
    """The promotion that rolling back would undo; None: there is nothing to undo."""
    return session.scalar(select(func.max(Promotion.id)).where(Promotion.undone.is_(False)))


def _is(ruleset_id: int, flip: Flip) -> Sequence[ColumnElement[bool]]:
    return (
        ShadowVerdict.ruleset_id == ruleset_id,
        ShadowVerdict.live_verdict == flip[0],
        ShadowVerdict.verdict == flip[1],
    )


def _samples(session: Session, ruleset_id: int, flip: Flip) -> Sequence[tuple[int, str, str]]:
    rows = session.execute(
        select(Post.id, Post.external_id, Verdict.tag)
        .select_from(ShadowVerdict)
        .join(Post, Post.id == ShadowVerdict.post_id)
        .join(
            Verdict,
            and_(
                Verdict.post_id == ShadowVerdict.post_id,
                Verdict.position == ShadowVerdict.position,
            ),
        )
        .where(*_is(ruleset_id, flip))
        .order_by(ShadowVerdict.post_id.desc())
        .limit(SAMPLES)
    )
    return [(row_id, name, tag) for row_id, name, tag in rows]
