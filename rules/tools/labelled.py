"""Files of labelled hashtags, in the formats of public data sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules.errors import RulesetError, SourcePlace
from rules.hashtags.normalise import normalise

MAX_BYTES = 2**28


@dataclass(frozen=True)
class Segmented:
    """A hashtag and the ways to divide it that count as right, normalised."""

    tag: str
    ways: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Categorised:
    """A hashtag and the categories that people put it in."""

    tag: str
    categories: frozenset[str]


@dataclass(frozen=True)
class Counted:
    """A hashtag and how often it occurs."""

    tag: str
    count: int


Rows = Sequence[Segmented] | Sequence[Categorised] | Sequence[Counted]
FORMS = (
    "JSON lines with hashtag and gold, or with hashtags; or a table with tabs whose first line is "
    "hashtag and segmentation, categories or posts"
)


def read_scored(path: Path) -> Rows:
    """Read a file in any of the formats.

    Raises:
        RulesetError: it cannot be read, or a line is wrong; with its place.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RulesetError(f"{path} is larger than {MAX_BYTES} bytes")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesetError(f"{path} cannot be read: {error}") from None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise RulesetError(f"{path} is empty; expected {FORMS}")
    rows = _objects(path, lines) if lines[0][1].startswith("{") else _table(path, lines)
    if not rows:
        raise RulesetError(f"{path} has no hashtags; expected {FORMS}")
    return rows


def _objects(path: Path, lines: Sequence[tuple[int, str]]) -> Rows:
    segmented: list[Segmented] = []
    counts: dict[str, int] = {}
    for number, line in lines:
        try:
            content = json.loads(line)
            if "hashtags" in content:
                for tag in content["hashtags"]:
                    counts[str(tag)] = counts.get(str(tag), 0) + 1
            else:
                segmented.append(_segmented(str(content["hashtag"]), content["gold"]))
        except (ValueError, KeyError, TypeError):
            raise RulesetError(
                f"expected {FORMS}", SourcePlace(str(path), number, 1, line)
            ) from None
    return segmented or [Counted(tag, count) for tag, count in counts.items()]


def _table(path: Path, lines: Sequence[tuple[int, str]]) -> Rows:
    header = lines[0][1].split("\t")
    makers: dict[str, Any] = {
        "segmentation": lambda tag, value: _segmented(tag, [value]),
        "categories": lambda tag, value: Categorised(tag, frozenset(value.split("|"))),
        "posts": lambda tag, value: Counted(tag, int(value)),
    }
    if len(header) != 2 or header[0] != "hashtag" or header[1] not in makers:
        raise RulesetError(f"expected {FORMS}", SourcePlace(str(path), 1, 1, lines[0][1]))
    rows = []
    for number, line in lines[1:]:
        try:
            tag, value = line.split("\t")
            rows.append(makers[header[1]](tag, value.strip()))
        except ValueError:
            what = f"expected a hashtag, a tab and {header[1]}"
            raise RulesetError(what, SourcePlace(str(path), number, 1, line)) from None
    return rows


def _segmented(tag: str, ways: Sequence[str]) -> Segmented:
    divided = [[normalise(word) for word in str(way).split()] for way in ways]
    return Segmented(tag, [[word for word in way if word] for way in divided])
