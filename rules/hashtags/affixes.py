"""Prefixes and suffixes of hashtags that do not change what the photograph should show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

AFFIXES = Path(__file__).with_name("affixes.yaml")
SHORTEST = 2


def cores(key: str) -> list[str]:
    """The hashtag without a suffix, a prefix, or both; the shortest affix is removed first.

    What remains has at least two letters, or is one Hangul syllable, which can be a word.
    """
    ends = sorted((s for s in _listed("suffixes") if key.endswith(s)), key=len)
    starts = sorted((p for p in _listed("prefixes") if key.startswith(p)), key=len)
    found = [key.removesuffix(end) for end in ends]
    found += [key.removeprefix(start) for start in starts]
    found += [key.removesuffix(end).removeprefix(start) for end in ends for start in starts]
    again = [
        core.removesuffix(s) for core in found for s in _listed("suffixes") if core.endswith(s)
    ]
    return [core for core in [*found, *again] if len(core) >= SHORTEST or _is_syllable(core)]


def _is_syllable(core: str) -> bool:
    return len(core) == 1 and "가" <= core <= "힣"


@cache
def _listed(name: str) -> tuple[str, ...]:
    return tuple(yaml.safe_load(AFFIXES.read_text(encoding="utf-8"))[name].split())
