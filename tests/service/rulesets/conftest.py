"""Rulesets to give to the service: the default one, and others that say other things."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.ruleset import DEFAULT
from service.rulesets.source import Source

Variant = Callable[..., Source]

CAFE = "rule: food or drink\n    matches: [drink, food]\n    not_matches: [cat]"


@pytest.fixture(scope="session")
def variant() -> Variant:
    """``variant(cafe, matches, not_matches)``: the default with another rule for cafes."""

    def make(cafe: str, matches: str = "[drink]", not_matches: str = "[cat]") -> Source:
        text = DEFAULT.read_text(encoding="utf-8")
        assert CAFE in text
        rule = f"rule: {cafe}\n    matches: {matches}\n    not_matches: {not_matches}"
        return Source("new.yaml", text.replace(CAFE, rule).encode())

    return make
