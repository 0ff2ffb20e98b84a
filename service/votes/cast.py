"""Votes on the hashtags of a post that is being decided, and the record of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import Ballot, Judgement, Opinion, Probed, with_votes
from rules.verdicts.votes import is_open
from service.prototypes.consult import NOBODY, Consulted, consult, keep_shadows
from service.screen import Screen, SeenImage
from service.tables import Poll, Post, UsualVotes, Vote, VotePermission
from service.votes.voters import Voter, voters
from similarity.votes import Bar, says, tally

KEPT = 12  # neighbours of each verdict that the console shows


@dataclass(frozen=True)
class Voted:
    """A judgement with votes: for each hashtag's position the votes on it or what a live prototype
    said, and who voted. ``consulted`` is what prototypes said."""

    judgement: Judgement
    ballots: Mapping[int, Opinion] = field(default_factory=dict)
    voters: Sequence[Voter] = ()
    consulted: Consulted = NOBODY


def vote(
    session: Session,
    current: Screen,
    post: Post,
    judgement: Judgement,
    looks: Sequence[SeenImage],
    most: int,
) -> Voted:
    """Ask prototypes and neighbours about the hashtags that no rule covers.

    A live prototype decides. Else neighbours are asked where their usual votes are known.

    Args:
        judgement: what the rules say.
        looks: what was seen in the post's photographs.
        most: so many votes at most; 0: nobody is asked.
    """
    asked = {
        position: verdict.normalised
        for position, verdict in enumerate(judgement.verdicts)
        if is_open(verdict)
    }
    if not looks or not asked:
        return Voted(judgement)
    embeddings = np.array([look.prediction.embedding for look in looks], np.float32)
    made_by = current.bundle.embedding_id
    consulted = consult(session, set(asked.values()), embeddings, made_by)
    ballots: dict[int, Opinion] = {
        position: consulted.live[tag] for position, tag in asked.items() if tag in consulted.live
    }
    usual = _usual(session, set(asked.values()) - consulted.live.keys()) if most else {}
    found: Sequence[Voter] = ()
    if usual:
        found = voters(session, embeddings, made_by, post.external_id, post.author_id, most)
    for position, tag in asked.items():
        if found and tag in usual:
            ballots[position] = _ballot(tag, found, *usual[tag])
    return Voted(with_votes(judgement, ballots), ballots, found, consulted)


def store_votes(session: Session, post: Post, voted: Voted) -> None:
    """Keep the nearest votes on a post whose verdicts were just written, in their transaction."""
    keep_shadows(session, post.verdicts, voted.consulted)
    if not voted.ballots:
        return
    nearest = voted.voters[:KEPT]
    # Held, so that no post that is deleted at this moment is named; who is busy is left out.
    query = select(Post.id).where(Post.id.in_([one.row for one in nearest]))
    query = query.where(Post.state == "decided").with_for_update(read=True, skip_locked=True)
    there = set(session.scalars(query))
    rows = {verdict.position: verdict for verdict in post.verdicts}
    for position, ballot in voted.ballots.items():
        verdict = rows[position]
        kept = {"normalised": verdict.normalised, "says": ballot.says, "ballot": asdict(ballot)}
        if isinstance(ballot, Probed):
            session.add(Poll(verdict_id=verdict.id, prototype_id=ballot.prototype, **kept))
            continue
        session.add(Poll(verdict_id=verdict.id, **kept))
        session.flush()
        session.add_all(
            Vote(
                verdict_id=verdict.id,
                post_id=one.row,
                likeness=one.likeness,
                carries=verdict.normalised in one.tags,
            )
            for one in nearest
            if one.row in there
        )


def _usual(session: Session, tags: set[str]) -> dict[str, tuple[Bar, bool]]:
    query = (
        select(UsualVotes, VotePermission.normalised.is_not(None))
        .outerjoin(VotePermission, VotePermission.normalised == UsualVotes.normalised)
        .where(UsualVotes.normalised.in_(tags))
    )
    return {
        row.normalised: (Bar(row.prior, row.support, row.floor), decides)
        for row, decides in session.execute(query)
    }


def _ballot(tag: str, found: Sequence[Voter], usual: Bar, decides: bool) -> Ballot:
    counted = tally([(one.weight, tag in one.tags) for one in found])
    return Ballot(
        says=says(counted, usual),
        decides=decides,
        voters=counted.voters,
        carrying=counted.carrying,
        share=round(counted.share, 4),
        low=round(counted.low, 4),
        high=round(counted.high, 4),
        prior=round(usual.prior, 6),
    )
