"""Send the demo's catalogue, and what people did with it, through the API.

    python -m demo.catalogue --env data/tagsift.env

Ids and times are fixed, so that it can be sent any number of times. An item's picture is a part of
one of the demo's photographs; each keeps the licence of its own (``CREDITS.md``).
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from clients.environment import connect
from clients.tagsift_client import Tagsift, TagsiftError

HERE = Path(__file__).resolve().parent
BEGAN = datetime(2026, 11, 12, 8, tzinfo=UTC)
QUALITY = 88

JSON = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """A person of the demo: what they did (kind and item, in order), and which themes they like, as
    far as that is written down."""

    id: str
    tastes: frozenset[str]
    did: Sequence[tuple[str, str]]


def items() -> list[JSON]:
    """The catalogue, as it is written down: words, theme, photograph and which part of it."""
    lines = (HERE / "items.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def people() -> list[Person]:
    """The three whose recommendations are looked at."""
    return [_person(one) for one in _viewers()["viewers"]]


def guests() -> list[Person]:
    """Others, so that there are people who like the same."""
    return [_person(one) for one in _viewers()["guests"]]


def _person(told: JSON) -> Person:
    did = [(kind, item) for kind, item in told["did"]]
    return Person(told["id"], frozenset(told.get("tastes", ())), did)


def themes() -> Mapping[str, str]:
    """The theme of each item and post of the demo, judged by a person."""
    posts: dict[str, str] = _viewers()["posts"]
    return {one["id"]: one["taste"] for one in items()} | posts


def in_wire_format(item: JSON) -> JSON:
    """An item as ``POST /v1/items`` takes it."""
    with Image.open(HERE / "photos" / item["photo"]) as photo:
        left, top, right, bottom = item["crop"]
        width, height = photo.size
        part = photo.crop(
            (int(left * width), int(top * height), int(right * width), int(bottom * height))
        )
        written = io.BytesIO()
        part.save(written, "JPEG", quality=QUALITY)
    picture = base64.b64encode(written.getvalue()).decode()
    words = {name: item[name] for name in ("id", "title", "text", "tags")}
    return words | {"images": [{"base64": picture}]}


def interactions(person: Person) -> Iterator[JSON]:
    """What a person did, as ``POST /v1/interactions`` takes it: an hour apart."""
    for number, (kind, item) in enumerate(person.did):
        at = BEGAN + timedelta(hours=number)
        yield {
            "id": f"{person.id}-{number}",
            "user": {"id": person.id},
            "item": {"id": item},
            "kind": kind,
            "at": at.isoformat(),
        }


def send(tagsift: Tagsift) -> None:
    """Send everything; what is there already stays as it is.

    Raises:
        TagsiftError: the service is away, or refused something.
    """
    for item in items():
        tagsift.put_item(in_wire_format(item))
    for some in (guests(), people()):  # who comes last stands first on the page of people
        tagsift.interact([one for person in some for one in interactions(person)])


def _viewers() -> JSON:
    told: JSON = json.loads((HERE / "viewers.json").read_text(encoding="utf-8"))
    return told


def main(words: Sequence[str] | None = None) -> int:
    """Send it; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--env", type=Path, default=Path("data/tagsift.env"))
    try:
        with connect(parser.parse_args(words).env) as tagsift:
            send(tagsift)
    except TagsiftError as error:
        print(f"The catalogue was not sent: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
