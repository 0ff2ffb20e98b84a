"""Learn, once a day, which votes are usual for each hashtag that no rule covers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import CTE, CompoundSelect, delete, exists, func, select, union_all, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from rules import Ruleset, resolve
from rules.verdicts.codes import Code, code_of
from rules.verdicts.verdict import Verdict as Kind
from rules.verdicts.votes import OPEN
from service.likeness.stored import embeddings_of
from service.locks import Lock, try_lock
from service.parts import Parts
from service.queue import VOTES, hint
from service.tables import Embedding, Image, Json, Post, Upkeep, UsualVotes, Verdict
from service.votes.voters import CARRIED, MAY_VOTE, STANDS, WEIGHT, Voter, voters
from similarity.votes import Bar, Tally, bar, says, tally

LOOKED_BACK = timedelta(days=90)
EVERY = timedelta(days=1)
AGAIN_AFTER = timedelta(hours=1)  # where the task failed, or its hint was lost
MOST_POSTS = 200_000  # the newest
LOOKED_UP = 2000  # hashtags, those of most authors
MOST_HASHTAGS = 200
NEWEST = 5000  # posts of each that are read, by verdict
SAMPLE = 80  # posts of each, whose neighbours are asked
MOST_SEARCHES = 3000


@dataclass(frozen=True)
class Carried:
    """A hashtag, how many authors carry it, and the share of all authors' posts that do."""

    normalised: str
    tag: str
    authors: int
    prior: float


def hint_votes(parts: Parts) -> None:
    """Queue the task once a day; asked by the sweep."""
    if not parts.config.vote_neighbours:
        return
    with parts.sessions.begin() as session:
        first = insert(Upkeep).values(name=VOTES, due_at=func.now() + EVERY)
        session.execute(first.on_conflict_do_nothing())
        is_due = session.scalar(
            update(Upkeep)
            .where(Upkeep.name == VOTES, Upkeep.due_at <= func.now())
            .values(due_at=func.now() + AGAIN_AFTER)
            .returning(Upkeep.name)
        )
    if is_due:
        hint(parts.queue, VOTES)


def learn_votes(parts: Parts) -> int | None:
    """Learn anew what is usual, from settled posts and, with less weight, from passed ones.

    No transaction is open for longer than a question takes: what is learned is written at the end.

    Returns:
        how many hashtags votes can be asked for now; None where another process is at it.
    """
    current = parts.screener.current()
    made_by, most = current.bundle.embedding_id, parts.config.vote_neighbours
    with parts.sessions() as session:
        carried = _carried(session, current.ruleset, parts.config.vote_authors)
        samples = _samples(session, carried, made_by)
    names = frozenset(one.normalised for one in carried)
    asked = {row for rows in samples.values() for row in rows}
    found = {row: _voters(parts, row, made_by, most, names) for row in sorted(asked)}
    with parts.sessions() as session:
        own = _own(session, found, names)
    rows = [
        learned
        for one in carried
        if (learned := _learned(one, samples.get(one.normalised, ()), found, own)) is not None
    ]
    with parts.sessions.begin() as session:
        if not try_lock(session, Lock.VOTES):
            return None
        session.execute(delete(UsualVotes))
        if rows:
            session.execute(insert(UsualVotes), rows)
        due = update(Upkeep).where(Upkeep.name == VOTES).values(due_at=func.now() + EVERY)
        session.execute(due)
    return len(rows)


def no_rule_covers(tag: str, ruleset: Ruleset) -> bool:
    """Whether one could see what a hashtag says, as far as anybody knows, and no rule covers it."""
    found = resolve(tag, ruleset)
    if found.verifiable:
        return False
    code: Code = code_of(found, Kind.UNVERIFIABLE, has_rule=False, has_image=True)
    return code in OPEN


def _carried(session: Session, ruleset: Ruleset, least_authors: int) -> list[Carried]:
    electorate = _electorate()
    whole = (
        select(electorate.c.author_id, func.sum(electorate.c.weight).label("weight"))
        .group_by(electorate.c.author_id)
        .cte("whole")
    )
    each = (
        select(
            Verdict.normalised,
            func.max(Verdict.tag).label("tag"),
            electorate.c.author_id,
            func.sum(electorate.c.weight).label("weight"),
        )
        .join(electorate, electorate.c.id == Verdict.post_id)
        .where(CARRIED, Verdict.normalised != "")
        .group_by(Verdict.normalised, electorate.c.author_id)
        .cte("each")
    )
    authors = func.count()
    total = select(func.count()).select_from(whole).scalar_subquery()
    # A hashtag that a post carries twice is one vote all the same.
    part = func.least(each.c.weight / whole.c.weight, 1.0)
    query = (
        select(each.c.normalised, func.max(each.c.tag), authors, func.sum(part) / total)
        .join(whole, whole.c.author_id == each.c.author_id)
        .group_by(each.c.normalised)
        .having(authors >= least_authors)
        .order_by(authors.desc(), each.c.normalised)
        .limit(LOOKED_UP)
    )
    found = [Carried(*row) for row in session.execute(query)]
    return [one for one in found if no_rule_covers(one.tag, ruleset)][:MOST_HASHTAGS]


def _electorate() -> CTE:
    return (
        select(Post.id, Post.author_id, WEIGHT.label("weight"))
        .where(Post.state == "decided", MAY_VOTE)
        .where(Post.received_at > datetime.now(UTC) - LOOKED_BACK)
        .order_by(Post.received_at.desc())
        .limit(MOST_POSTS)
        .cte("electorate")
    )


def _samples(
    session: Session, carried: Sequence[Carried], made_by: str
) -> Mapping[str, Sequence[int]]:
    """The newest posts that carry each hashtag, one an author, up to a bound of all posts together.

    Of a hashtag no more than its newest posts are read, however many carry it.
    """
    seen = exists(
        select(Embedding.image_id)
        .join(Image, Image.id == Embedding.image_id)
        .where(Image.post_id == Post.id, Embedding.made_by == made_by)
    )
    found: dict[str, Sequence[int]] = {}
    together: set[int] = set()
    for one in carried:
        each = (
            select(Post.id)
            .where(Post.id.in_(_newest(one.normalised)))
            .where(Post.state == "decided", MAY_VOTE, seen)
            .where(Post.received_at > datetime.now(UTC) - LOOKED_BACK)
            .ext(distinct_on(Post.author_id))
            .order_by(Post.author_id, Post.id.desc())
            .subquery()
        )
        rows = session.scalars(select(each.c.id).order_by(each.c.id.desc()).limit(SAMPLE)).all()
        together.update(rows)
        if len(together) > MOST_SEARCHES:
            break
        found[one.normalised] = rows
    return found


def _newest(normalised: str) -> CompoundSelect[int]:
    """The newest posts with a hashtag that stands, by the index of the hashtag's feed."""
    return union_all(
        *(
            select(Verdict.post_id)
            .where(Verdict.normalised == normalised, Verdict.verdict == said)
            .order_by(Verdict.post_id.desc())
            .limit(NEWEST)
            for said in STANDS
        )
    )


def _voters(
    parts: Parts, row: int, made_by: str, most: int, names: frozenset[str]
) -> Sequence[Voter]:
    """Who votes on a stored post, with those of their hashtags that are asked about."""
    with parts.sessions() as session:
        post = session.get(Post, row)
        embeddings = embeddings_of(session, row, made_by)
        if post is None or post.state != "decided" or embeddings is None:
            return ()
        found = voters(session, embeddings, made_by, post.external_id, post.author_id, most)
    return [Voter(one.row, "", one.weight, one.tags & names, one.likeness) for one in found]


def _own(
    session: Session, rows: Collection[int], names: Collection[str]
) -> Mapping[int, Collection[str]]:
    """Those of the hashtags that each post has, whatever was said of them.

    A post is asked about for one hashtag, and may well have another without being in its sample.
    """
    query = select(Verdict.post_id, Verdict.normalised)
    query = query.where(Verdict.post_id.in_(rows), Verdict.normalised.in_(names))
    found: dict[int, set[str]] = {row: set() for row in rows}
    for row, tag in session.execute(query):
        found[row].add(tag)
    return found


def _learned(
    one: Carried,
    sample: Sequence[int],
    found: Mapping[int, Sequence[Voter]],
    own: Mapping[int, Collection[str]],
) -> Json | None:
    """What is usual, by half of the posts, and what votes then say of the others."""
    tag = one.normalised
    right = [found[row] for row in sample if found[row]]
    usual = bar(one.prior, [_tally_of(tag, each).share for each in right[::2]])
    if usual is None:
        return None
    others = [each for row, each in found.items() if each and tag not in own[row]]
    figures = {
        "right": _counted(tag, right[1::2], usual),
        "other": _counted(tag, others[:SAMPLE], usual),
    }
    return {
        "normalised": tag,
        "tag": one.tag.lstrip("#"),
        "authors": one.authors,
        "prior": usual.prior,
        "support": usual.support,
        "floor": usual.floor,
        "figures": figures,
    }


def _counted(tag: str, posts: Iterable[Sequence[Voter]], usual: Bar) -> Json:
    said = [says(_tally_of(tag, each), usual) for each in posts]
    return {"posts": len(said), "for": said.count(True), "against": said.count(False)}


def _tally_of(tag: str, found: Sequence[Voter]) -> Tally:
    return tally([(voter.weight, tag in voter.tags) for voter in found])
