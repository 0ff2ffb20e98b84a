"""The facts about each photograph that follow from a settled post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules import Verdict as Answer
from rules.hashtags.resolve import Way
from rules.verdicts.expression import Expression
from rules.verdicts.infer import Claim, infer
from rules.verdicts.judge import claim
from rules.verdicts.parse import parse
from service.tables import Image, Post, Verdict

Parents = Mapping[str, str | None]

REVIEW = "review"
BOTH = "review and model"


@dataclass(frozen=True)
class Learned:
    """Facts of one photograph; ``by`` says on whose word. With no facts, ``why`` says why not."""

    facts: Mapping[str, bool]
    by: str = REVIEW
    why: str = ""


def learned(post: Post, parents: Parents) -> list[tuple[Image, Learned]]:
    """The facts that follow from a person's verdicts on a post, for each of its photographs.

    "Irrelevant" holds for every photograph of the post; "relevant" for one of them or for a video,
    so it only tells something where there is one photograph and no video. Frames of videos teach
    nothing: a verdict says of a video what it shows at some time or other, and not when. A guessed
    category says nothing, nor does a hashtag that cannot be verified, nor one that a menu bears
    out, since a menu shows nothing to eat. What the classifier is sure of may decide between what
    the verdicts leave open, but is never a lesson itself.
    """
    claims = [(rule, one) for one in post.verdicts if (rule := _rule(one))]
    against = [(rule, False) for rule, one in claims if one.verdict == Answer.IRRELEVANT]
    seen = [(rule, one) for rule, one in claims if "menu" not in one.trace]
    borne_out = [(rule, True) for rule, one in seen if one.verdict == Answer.RELEVANT]
    photographs = [image for image in post.images if image.video_id is None]
    is_alone = len(photographs) == 1 and not post.videos
    said = [*against, *borne_out] if is_alone else against
    return [(image, _one(said, image, parents)) for image in photographs]


def _one(claims: Sequence[Claim], image: Image, parents: Parents) -> Learned:
    said = infer(claims, parents, {})
    if said is None:
        return Learned({}, why="no photograph bears out and contradicts all that was answered")
    sure = {
        name: seen["fact"]
        for name, seen in (image.labels or {}).items()
        if seen["fact"] is not None
    }
    more = infer(claims, parents, sure) or {}
    together = {name: fact for name, fact in more.items() if name not in sure} | said
    if together:
        return Learned(together, REVIEW if together == said else BOTH)
    return Learned({}, why="the answers leave open what it shows")


def _rule(verdict: Verdict) -> Expression | None:
    """What a hashtag claimed when it was decided, as its trace has it."""
    rules = verdict.trace.get("rules") or {}
    if not rules or verdict.resolved_by == Way.NEIGHBOURS:
        return None
    return claim({name: parse(rule["rule"], None) for name, rule in rules.items()})
