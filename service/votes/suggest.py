"""Hashtags for a post, by what its photographs show and by what posts that look like it carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ARRAY, Text, cast, func, lateral, select, true
from sqlalchemy.orm import Session

from rules import Ruleset, Seen, Sight, judge, normalise
from rules import Verdict as Answer
from rules.verdicts.judge import truth
from rules.verdicts.uncertainty import uncertainty
from service.likeness.stored import embeddings_of
from service.screen import Screen
from service.tables import Json, Post, UsualVotes, Verdict
from service.votes.voters import Voter, voters
from similarity.votes import Bar, says, tally

OF_A_CATEGORY = 3  # hashtags of each category that the photographs bear out
LOOKED_AT = 2000  # the newest hashtags of each category
USED = 20  # of these the most frequent


@dataclass(frozen=True)
class Suggestion:
    """One hashtag. ``confidence`` in 0..1: by labels how surely the category's rule holds, by
    neighbours the lower bound of the share that carries it. ``reason``: a sentence a language."""

    tag: str
    confidence: float
    reason: Mapping[str, str]


def suggest(
    session: Session, current: Screen, post: Post, neighbours: int, most: int
) -> list[Suggestion]:
    """Hashtags that a decided post does not have, the surest first.

    None of them would be judged irrelevant, or uncertain: those of a rule are judged relevant by
    what was seen in the post's photographs, and for the others neighbours vote.

    Args:
        neighbours: posts that are asked, one an author; 0: none.
        most: so many hashtags at most.
    """
    sights = [_sight(image.labels) for image in post.images if image.labels]
    if not sights:
        return []
    ruleset, own = current.ruleset, frozenset(normalise(tag) for tag in post.hashtags)
    candidates = [
        *_by_labels(session, ruleset, sights, own),
        *_by_votes(session, _near(session, current, post, neighbours), own),
    ]
    found: dict[str, Suggestion] = {}
    for one in candidates:
        if normalise(one.tag) not in found and _holds(ruleset, one, sights):
            found[normalise(one.tag)] = one
    return sorted(found.values(), key=lambda one: -one.confidence)[:most]


def _sight(labels: Json) -> Sight:
    return {name: Seen(seen["score"], seen["fact"]) for name, seen in labels.items()}


def _holds(ruleset: Ruleset, one: Suggestion, sights: Sequence[Sight]) -> bool:
    """Whether the live rules say it is relevant, or have no rule for it."""
    (verdict,) = judge(ruleset, [one.tag], sights).verdicts
    return verdict.verdict in (Answer.RELEVANT, Answer.UNVERIFIABLE)


def _by_labels(
    session: Session, ruleset: Ruleset, sights: Sequence[Sight], own: Collection[str]
) -> Iterator[Suggestion]:
    borne_out = {
        name: category.rule
        for name, category in ruleset.categories.items()
        if category.rule is not None and truth(category.rule, sights) is True
    }
    used = _used(session, sorted(borne_out))
    for name, rule in borne_out.items():
        titles = ruleset.categories[name].titles
        reason = {
            "en": f"The photographs bear out the category “{titles['en']}”.",
            "ko": f"사진에서 ‘{titles['ko']}’ 분류가 확인돼요.",
        }
        sure = round(1 - uncertainty(rule, sights) / 2, 4)
        for tag in islice(_of(name, ruleset, used.get(name, ()), own), OF_A_CATEGORY):
            yield Suggestion(tag, sure, reason)


def _of(
    category: str, ruleset: Ruleset, used: Sequence[str], own: Collection[str]
) -> Iterator[str]:
    """A category's hashtags: what people use, before what only the lexicon knows, in its order."""
    entries = ruleset.lexicon.entries
    known = (key for key, entry in entries.items() if entry.categories == (category,))
    seen = set(own)
    for key in (*used, *known):
        if key not in seen and key in entries and category in entries[key].categories:
            seen.add(key)
            yield entries[key].tag.lstrip("#")


def _used(session: Session, categories: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The normalised hashtags that stand most often, and rightly, for each category."""
    if not categories:
        return {}
    rows = func.unnest(cast(list(categories), ARRAY(Text)))
    asked = rows.table_valued("name").render_derived("asked")
    newest = lateral(
        select(Verdict.normalised, Verdict.verdict)
        .where(Verdict.category == asked.c.name)
        .order_by(Verdict.post_id.desc())
        .limit(LOOKED_AT)
    )
    count = func.count()
    query = (
        select(asked.c.name, newest.c.normalised)
        .select_from(asked)
        .join(newest, true())
        .where(newest.c.verdict == Answer.RELEVANT.value)
        .group_by(asked.c.name, newest.c.normalised)
        .order_by(asked.c.name, count.desc(), newest.c.normalised)
    )
    found: dict[str, list[str]] = {}
    for name, tag in session.execute(query):
        if len(found.setdefault(name, [])) < USED:
            found[name].append(tag)
    return found


def _near(session: Session, current: Screen, post: Post, neighbours: int) -> list[Voter]:
    made_by = current.bundle.embedding_id
    embeddings = embeddings_of(session, post.id, made_by) if neighbours else None
    if embeddings is None:
        return []
    return voters(session, embeddings, made_by, post.external_id, post.author_id, neighbours)


def _by_votes(
    session: Session, near: Sequence[Voter], own: Collection[str]
) -> Iterator[Suggestion]:
    """Hashtags whose usual votes are known, and that the neighbours speak for."""
    carried = {tag for one in near for tag in one.tags} - set(own)
    query = select(UsualVotes).where(UsualVotes.normalised.in_(carried))
    for row in session.scalars(query.order_by(UsualVotes.normalised)):
        counted = tally([(one.weight, row.normalised in one.tags) for one in near])
        if says(counted, Bar(row.prior, row.support, row.floor)):
            reason = {
                "en": f"Of the {counted.voters} posts by other authors that look most like this "
                f"one, {counted.carrying} carry it.",
                "ko": f"가장 비슷해 보이는 다른 작성자의 게시물 {counted.voters}개 중 "
                f"{counted.carrying}개에 있어요.",
            }
            yield Suggestion(row.tag, round(counted.low, 4), reason)
