"""A catalogue, an analyst, and cards as a reader finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import pytest

from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor
from tests.service.recommend.conftest import World


@dataclass(frozen=True)
class Drawn:
    """One card of a page, with the fields of its form."""

    title: str
    fields: dict[str, str]


def cards(page: str) -> list[Drawn]:
    """The cards of a page, in the order in which they stand."""
    found = []
    for card in re.findall(r'<li class="card">(.*?)</li>', page, re.DOTALL):
        title = re.search(r"<h3[^>]*>(.*?)</h3>", card)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', card.partition("<button")[0]))
        assert title
        found.append(Drawn(unescape(title[1]), {k: unescape(v) for k, v in fields.items()}))
    return found


def titles(page: str) -> list[str]:
    return [card.title for card in cards(page)]


@pytest.fixture
def world(clean: None, parts: Parts) -> World:
    return World(parts)


@pytest.fixture
def ana(world: World, signed_in: NewVisitor) -> Visitor:
    """An analyst who is signed in."""
    return signed_in("ana", "analyst")
