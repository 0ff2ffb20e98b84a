"""The result of a backtest: flips, and both rulesets compared with what people settled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from intervals import Share
from rules import Decision, Verdict, decide
from service.backtest.batch_judge import BatchJudge
from service.backtest.stored import StoredPost

SAMPLES = 5
Flip = tuple[str, str]


@dataclass(frozen=True)
class Sample:
    """A post in which a verdict flips."""

    post_id: int
    position: int
    name: str
    tag: str


@dataclass
class Result:
    """Counts by (verdict then, verdict now), for all hashtags and for those of each category.

    ``settled`` counts by (verdict then, verdict now, what a person settled); ``decisions`` by
    (decision then, decision now), both as the rules alone would have it. ``unsettled`` counts the
    posts, verdicts and decisions that change among the posts that nobody settled.
    """

    posts: int = 0
    settled_posts: int = 0
    unsettled: Counter[str] = field(default_factory=Counter)
    flips: Counter[Flip] = field(default_factory=Counter)
    categories: dict[str, Counter[Flip]] = field(default_factory=lambda: defaultdict(Counter))
    decisions: Counter[Flip] = field(default_factory=Counter)
    settled: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    samples: dict[Flip, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    @property
    def tags(self) -> int:
        """The number of verdicts that were computed again."""
        return self.flips.total()

    @property
    def flipped(self) -> int:
        """How many of them changed."""
        return flipped(self.flips)

    def precision(self, verdict: str, *, now: bool) -> Share:
        """Of the settled hashtags with this verdict from the rules, the share that people agreed
        with.
        """
        return Share(
            self._settled(verdict, verdict, now=now), self._settled(verdict, None, now=now)
        )

    def recall(self, verdict: str, *, now: bool) -> Share:
        """Of the hashtags that people gave this verdict, the share that the rules gave it, too."""
        return Share(
            self._settled(verdict, verdict, now=now), self._settled(None, verdict, now=now)
        )

    def _settled(self, given: str | None, answer: str | None, *, now: bool) -> int:
        return sum(
            count
            for (then, again, settled), count in self.settled.items()
            if given in (None, again if now else then) and answer in (None, settled)
        )


def flipped(counts: Counter[Flip]) -> int:
    """How many verdicts changed."""
    return sum(count for (then, now), count in counts.items() if then != now)


def backtest(again: BatchJudge, chunks: Iterable[Sequence[StoredPost]]) -> Result:
    """Judge every hashtag of the stored posts again, and count the changes."""
    result = Result()
    for posts in chunks:
        add(result, again, posts)
    return result


def add(result: Result, again: BatchJudge, posts: Sequence[StoredPost]) -> None:
    """Count some more posts."""
    for post, verdicts in zip(posts, again.verdicts(posts), strict=True):
        _count(result, again, post, verdicts)


def decision_of(post: StoredPost, verdicts: Iterable[str]) -> str:
    """The decision that verdicts of the rules alone lead to. A post without a readable photograph,
    or with a video that could not be looked at, goes to review.
    """
    if post.unseen or not post.images:
        return Decision.REVIEW.value
    return decide(Verdict(one) for one in verdicts).value


def decision_now(post: StoredPost, verdicts: Iterable[str]) -> str:
    """The decision on a post that nobody settled, were it judged again: a copy keeps what a person
    gave it, and what a person is shown although it passes stays theirs.
    """
    hold = [tag.holds if tag.given else one for tag, one in zip(post.tags, verdicts, strict=True)]
    decision = decision_of(post, hold)
    if post.shown and decision == Decision.PASS.value:
        return Decision.REVIEW.value
    return decision


def _count(result: Result, again: BatchJudge, post: StoredPost, verdicts: Sequence[str]) -> None:
    result.posts += 1
    for position, (tag, now) in enumerate(zip(post.tags, verdicts, strict=True)):
        flip = tag.said, now
        result.flips[flip] += 1
        category = tag.category or again.claim(tag.tag).category or ""
        result.categories[category][flip] += 1
        if post.settled:
            result.settled[tag.said, now, tag.holds] += 1
        if tag.said != now and len(result.samples[flip]) < SAMPLES:
            result.samples[flip].append(Sample(post.id, position, post.name, tag.tag))
    then = decision_of(post, [tag.said for tag in post.tags])
    result.decisions[then, decision_of(post, verdicts)] += 1
    if post.settled:
        result.settled_posts += 1
        return
    changed = sum(tag.said != now for tag, now in zip(post.tags, verdicts, strict=True))
    is_other = post.decision != decision_now(post, verdicts)
    result.unsettled["verdicts"] += changed
    result.unsettled["decisions"] += is_other
    result.unsettled["posts"] += changed > 0 or is_other
