"""What rules did with the posts they met, counted in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from service.live import Kind
from service.rulesets.intervals import Share
from service.tables import Live, Post, Promotion, ShadowVerdict, Verdict

MOST_DAYS = 30
SAMPLES = 5
Flip = tuple[str, str]


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
    query = select(func.count(Post.id)).where(Post.state == "decided", Post.received_at >= since)
    return session.scalar(query) or 0


def by_category(session: Session, since: datetime) -> Mapping[str, CategoryFigures]:
    """Figures of each category, of the posts received since then."""
    settled = Post.decided_by != "model"
    agreed = and_(settled, Verdict.verdict == Verdict.model_verdict)
    query = (
        select(
            Verdict.category,
            Verdict.model_verdict,
            func.count(),
            func.count().filter(settled),
            func.count().filter(agreed),
        )
        .join(Post, Post.id == Verdict.post_id)
        .where(Post.state == "decided", Post.received_at >= since, Verdict.category.is_not(None))
        .group_by(Verdict.category, Verdict.model_verdict)
    )
    found: dict[str, CategoryFigures] = {}
    for category, verdict, total, of, hits in session.execute(query):
        figures = found.setdefault(str(category), CategoryFigures())
        figures.verdicts[verdict] = total
        if verdict == "irrelevant":
            figures.irrelevant = Share(hits, of)
    return found


def of_shadow(session: Session, ruleset_id: int) -> ShadowFigures:
    """What a ruleset said in shadow, so far."""
    here = ShadowVerdict.ruleset_id == ruleset_id
    pair = ShadowVerdict.live_verdict, ShadowVerdict.verdict
    counts = session.execute(select(*pair, func.count()).where(here).group_by(*pair))
    flips = {(live, shadow): count for live, shadow, count in counts}
    samples = {flip: _samples(session, here, flip) for flip in flips if flip[0] != flip[1]}
    said = [column == "irrelevant" for column in pair]
    agreed = [and_(one, Verdict.verdict == "irrelevant") for one in said]
    hits_and_totals = session.execute(
        select(*(func.count().filter(one) for one in (*agreed, *said)))
        .select_from(ShadowVerdict)
        .join(Post, Post.id == ShadowVerdict.post_id)
        .join(
            Verdict,
            and_(
                Verdict.post_id == ShadowVerdict.post_id,
                Verdict.position == ShadowVerdict.position,
            ),
        )
        .where(here, Post.decided_by != "model")
    ).one()
    live_hits, shadow_hits, live_of, shadow_of = (int(count) for count in hits_and_totals)
    return ShadowFigures(flips, samples, Share(live_hits, live_of), Share(shadow_hits, shadow_of))


def can_roll_back(session: Session) -> bool:
    """Whether a promotion is there to be undone."""
    standing = select(Promotion.id).where(Promotion.undone.is_(False)).limit(1)
    return session.scalar(standing) is not None


def _samples(
    session: Session, here: ColumnElement[bool], flip: Flip
) -> Sequence[tuple[int, str, str]]:
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
        .where(here, ShadowVerdict.live_verdict == flip[0], ShadowVerdict.verdict == flip[1])
        .order_by(ShadowVerdict.post_id.desc())
        .limit(SAMPLES)
    )
    return [(row_id, name, tag) for row_id, name, tag in rows]
