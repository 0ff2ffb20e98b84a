"""Compare the service's verdicts on the demo posts with what a careful person would say.

    python -m demo.check --env data/tagsift.env

``demo/expected.json`` was written by eye. It is never changed to suit a model.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from clients.environment import connect
from clients.tagsift_client import Tagsift, TagsiftError

HERE = Path(__file__).resolve().parent
NO_ANSWER = "no answer"
UNSURE = ("uncertain", "review")


@dataclass(frozen=True)
class Comparison:
    """One thing to be right about: a hashtag of a post, or (``tag`` None) its decision."""

    post: str
    tag: str | None
    expected: str
    got: str

    @property
    def mark(self) -> str:
        """``right``, ``unsure`` (left to a moderator where a person is sure) or ``wrong``."""
        if self.got == self.expected:
            return "right"
        return "unsure" if self.got in UNSURE else "wrong"


def load_expected() -> dict[str, Any]:
    """What a person says: ``{post id: {"decision": …, "hashtags": {tag: verdict}}}``."""
    expected: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    return expected


def ask(tagsift: Tagsift, posts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the service knows of each post; nothing of one that it never got, or has deleted."""
    answers = {}
    for post in posts:
        try:
            answers[post] = tagsift.get(post)
        except TagsiftError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
    return answers


def compare(
    expected: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]
) -> list[Comparison]:
    """Hold answers, in the form of ``GET /v1/posts/{id}``, against what a person says."""
    lines = []
    for post, truth in expected.items():
        answer = answers.get(post, {})
        verdicts = {tag["tag"]: tag["verdict"] for tag in answer.get("hashtags", [])}
        lines += [
            Comparison(post, tag, verdict, verdicts.get(tag, NO_ANSWER))
            for tag, verdict in truth["hashtags"].items()
        ]
        decision = answer.get("decision") or NO_ANSWER
        lines.append(Comparison(post, None, truth["decision"], decision))
    return lines


def table(lines: Sequence[Comparison]) -> str:
    """The comparisons and their totals as text, a line each."""
    rows = [f"{'POST':<8} {'EXPECTED':<13} {'GOT':<13} {'MARK':<7} HASHTAG"]
    rows += [
        f"{line.post:<8} {line.expected:<13} {line.got:<13} {line.mark:<7} "
        + ("(decision)" if line.tag is None else f"#{line.tag}")
        for line in lines
    ]
    for what, some in (
        ("verdicts", [line.mark for line in lines if line.tag is not None]),
        ("decisions", [line.mark for line in lines if line.tag is None]),
    ):
        right, unsure, wrong = (some.count(mark) for mark in ("right", "unsure", "wrong"))
        rows.append(f"{what}: {right} of {len(some)} right, {unsure} unsure, {wrong} wrong")
    return "\n".join(rows)


def main(words: Sequence[str] | None = None) -> int:
    """Ask the service and print the table; returns 0 if all is right, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--env",
        type=Path,
        default=Path("data/tagsift.env"),
        help="written by `make run`; data/tagsift.env",
    )
    try:
        expected = load_expected()
        with connect(parser.parse_args(words).env) as tagsift:
            lines = compare(expected, ask(tagsift, expected))
    except TagsiftError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(lines))
    return 0 if all(line.mark == "right" for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
