"""Rulesets in shadow judge live posts after the decision. Their verdicts are recorded and never
used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import structlog

from rules import (
    Opinion,
    Ruleset,
    RulesetError,
    Sight,
    judge,
    menu_of,
    with_menus,
    with_votes,
)
from service.database import Sessions
from service.rulesets.source import source_of
from service.rulesets.store import check, in_shadow
from service.screen import Screen
from service.tables import Post, ShadowVerdict, StoredRuleset

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Evidence:
    """What was seen in the photographs and videos of a post, and for each hashtag's position what
    neighbours or a prototype said."""

    sights: Sequence[Sight]
    ballots: Mapping[int, Opinion]


class Shadows:
    """The rulesets in shadow, compiled once for each bundle and lexicon. Threads may share it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._changing = Lock()
        self._compiled: dict[Key, Ruleset | None] = {}

    def watch(
        self, current: Screen, posts: Sequence[Post], evidence: Mapping[int, Evidence]
    ) -> None:
        """Record what the rulesets in shadow say of posts that were just decided.

        Each has a transaction of its own, and what goes wrong is logged: the posts have their
        decisions.

        Args:
            current: what decided the posts.
            posts: the decided posts, with their verdicts.
            evidence: what the live rules went by, by the post's row.
        """
        try:
            with self._sessions() as session:
                waiting = in_shadow(session)
            for stored in waiting:
                self._watch(stored, current, posts, evidence)
        except Exception:
            structlog.get_logger().exception("shadow_failed", posts=[post.id for post in posts])

    def _watch(
        self,
        stored: StoredRuleset,
        current: Screen,
        posts: Sequence[Post],
        evidence: Mapping[int, Evidence],
    ) -> None:
        ruleset = self._ruleset(stored, current)
        if ruleset is None:
            return
        with self._sessions.begin() as session:
            for post in posts:
                session.add_all(_verdicts(stored.id, ruleset, post, evidence[post.id]))

    def _ruleset(self, stored: StoredRuleset, current: Screen) -> Ruleset | None:
        """A ruleset in shadow; None for one that cannot be used with what is live, said once."""
        key = stored.name, current.bundle.id, current.ruleset.lexicon.digest
        with self._changing:
            if key not in self._compiled:
                # What belongs to another bundle or lexicon is not needed again.
                self._compiled = {k: v for k, v in self._compiled.items() if k[1:] == key[1:]}
                self._compiled[key] = _compile(stored, current)
            return self._compiled[key]


def _compile(stored: StoredRuleset, current: Screen) -> Ruleset | None:
    try:
        return check(source_of(stored), current)
    except RulesetError as error:
        structlog.get_logger().error("shadow_refused", ruleset=stored.name, error=str(error))
        return None


def _verdicts(number: int, ruleset: Ruleset, post: Post, evidence: Evidence) -> list[ShadowVerdict]:
    """What was read and voted for the live rules counts here, too: else a shadow would differ where
    no rule does. Of a post that failed so often that it got no verdicts there is nothing to say."""
    if not post.verdicts:
        return []
    menus = {
        row.position: menu_of(row.trace["menu"]) for row in post.verdicts if "menu" in row.trace
    }
    judgement = with_menus(judge(ruleset, post.hashtags, evidence.sights), menus)
    said = with_votes(judgement, evidence.ballots).verdicts
    return [
        ShadowVerdict(
            ruleset_id=number,
            post_id=post.id,
            position=live.position,
            verdict=one.verdict.value,
            live_verdict=live.model_verdict,
        )
        for live, one in zip(post.verdicts, said, strict=True)
    ]
