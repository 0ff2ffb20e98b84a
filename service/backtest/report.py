"""A backtest's result as data, as text and as one HTML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from intervals import Share
from rules import Verdict
from service.backtest.result import Flip, Result, flipped

VERDICTS = [verdict.value for verdict in Verdict]
JUDGED = ("irrelevant", "relevant")


@dataclass(frozen=True)
class Report:
    """A result and what it is about. ``base_url`` is where the console shows a post."""

    ruleset: str
    since: datetime | None
    base_url: str
    seconds: float
    result: Result

    def link(self, post_id: int) -> str:
        """The console's page of a post."""
        return f"{self.base_url}/posts/{post_id}"

    def data(self) -> dict[str, Any]:
        """Everything, for other programs."""
        result = self.result
        return {
            "ruleset": self.ruleset,
            "since": self.since.isoformat() if self.since else None,
            "seconds": round(self.seconds, 2),
            "posts": result.posts,
            "hashtags": result.tags,
            "flipped": result.flipped,
            "flips": _rows(result.flips),
            "decisions": _rows(result.decisions),
            "categories": {name: _rows(result.categories[name]) for name in self.categories()},
            "settled": result.settled.total(),
            "quality": {
                verdict: {name: _share(share) for name, share in _quality(result, verdict)}
                for verdict in JUDGED
            },
            "samples": [
                {
                    "then": then,
                    "now": now,
                    "posts": [vars(one) | {"url": self.link(one.post_id)} for one in samples],
                }
                for (then, now), samples in self.samples()
            ],
        }

    def categories(self) -> list[str]:
        """The categories, those with the most flips first."""
        counts = self.result.categories
        return sorted(counts, key=lambda name: (-flipped(counts[name]), name))

    def samples(self) -> list[tuple[Flip, list[Any]]]:
        """Sample posts of each flip, the commonest flip first."""
        return sorted(self.result.samples.items(), key=lambda item: -self.result.flips[item[0]])

    def text(self) -> str:
        """Tables for a terminal."""
        result = self.result
        lines = [
            f"{self.ruleset}: {result.posts:,} posts, {result.tags:,} hashtags, "
            f"{result.flipped:,} verdicts flip ({self.seconds:.1f} s).",
            "",
            *_table("hashtags: then, and now", result.flips, VERDICTS),
            *_table("posts: then, and now", result.decisions, ["pass", "flag", "review"]),
            f"{'category':<20}{'hashtags':>10}{'flip':>8}",
        ]
        for name in self.categories():
            counts = result.categories[name]
            lines.append(f"{name or '-':<20}{counts.total():>10,}{flipped(counts):>8,}")
        lines += ["", f"Against {result.settled.total():,} hashtags that people settled:"]
        for verdict in JUDGED:
            lines += [
                f"  {verdict}, {name}: {shown(share)}" for name, share in _quality(result, verdict)
            ]
        for (then, now), samples in self.samples():
            lines += ["", f"{then} to {now}, for example:"]
            lines += [f"  {one.name} #{one.tag} {self.link(one.post_id)}" for one in samples]
        return "\n".join(lines)

    def html(self) -> str:
        """A self-contained HTML file."""
        folder = FileSystemLoader(Path(__file__).parent)
        page = Environment(loader=folder, autoescape=select_autoescape()).get_template(
            "report.html"
        )
        quality = {verdict: _quality(self.result, verdict) for verdict in JUDGED}
        return page.render(
            report=self, verdicts=VERDICTS, quality=quality, shown=shown, flipped=flipped
        )


def shown(share: Share) -> str:
    """A share with its interval as text, or a dash."""
    if share.value is None:
        return "none settled"
    return (
        f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%}; {share.hits:,} of {share.of:,})"
    )


def _quality(result: Result, verdict: str) -> list[tuple[str, Share]]:
    return [
        ("precision then", result.precision(verdict, now=False)),
        ("precision now", result.precision(verdict, now=True)),
        ("recall then", result.recall(verdict, now=False)),
        ("recall now", result.recall(verdict, now=True)),
    ]


def _share(share: Share) -> dict[str, float | int | None]:
    return {
        "hits": share.hits,
        "of": share.of,
        "value": share.value,
        "low": share.low,
        "high": share.high,
    }


def _rows(counts: Counter[Flip]) -> list[dict[str, Any]]:
    return [{"then": then, "now": now, "count": n} for (then, now), n in counts.most_common()]


def _table(title: str, counts: Counter[Flip], names: Sequence[str]) -> list[str]:
    head = f"{title:<24}" + "".join(f"{name:>14}" for name in names)
    rows = [
        f"  {then:<22}" + "".join(f"{counts[then, now]:>14,}" for now in names) for then in names
    ]
    return [head, *rows, ""]
