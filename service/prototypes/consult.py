"""What prototypes say of a new post's hashtags."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules import Probed
from service.tables import Prototype, ShadowScore, Verdict
from similarity.duplicates import Floats
from similarity.probe import FALSE_AT, TRUE_AT, Probe, says


@dataclass(frozen=True)
class Consulted:
    """By normalised hashtag: what the live prototype says, and those in shadow."""

    live: Mapping[str, Probed]
    shadow: Mapping[str, Sequence[Probed]]


NOBODY = Consulted({}, {})


def consult(session: Session, tags: Collection[str], embeddings: Floats, made_by: str) -> Consulted:
    """Ask every prototype of these hashtags about a post's photographs; the likest counts.

    Args:
        embeddings: [photographs, dimension], made by ``made_by``.
    """
    query = select(Prototype).where(
        Prototype.normalised.in_(tags), Prototype.state != "retired", Prototype.made_by == made_by
    )
    live: dict[str, Probed] = {}
    shadow: dict[str, list[Probed]] = {}
    for row in session.scalars(query.order_by(Prototype.id)):
        probe = Probe(np.array(row.weights, np.float32), row.bias)
        score = round(float(probe.scores(embeddings).max()), 4)
        found = Probed(says(score), score, TRUE_AT, FALSE_AT, row.id)
        if row.state == "live":
            live[row.normalised] = found
        else:
            shadow.setdefault(row.normalised, []).append(found)
    return Consulted(live, shadow)


def keep_shadows(session: Session, verdicts: Sequence[Verdict], consulted: Consulted) -> None:
    """Keep what prototypes in shadow say, beside the verdicts that were just written."""
    for verdict in verdicts:
        for one in consulted.shadow.get(verdict.normalised, ()):
            row = ShadowScore(prototype_id=one.prototype, verdict_id=verdict.id)
            row.score, row.says = one.score, one.says
            session.add(row)
