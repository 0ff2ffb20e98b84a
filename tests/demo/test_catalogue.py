"""The demo's catalogue is what the API takes, and is judged by what was written down."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from demo.catalogue import guests, in_wire_format, interactions, items, people, themes
from demo.tastes import Comparison, compare, main, table
from service.api.items_schemas import InteractionIn, ItemIn


def test_each_item_is_what_the_api_takes_with_a_part_of_a_photograph() -> None:
    ids = [ItemIn.model_validate(in_wire_format(item)).id for item in items()]
    assert len(ids) == len(set(ids)) >= 24


def test_a_picture_is_the_part_that_is_named_and_the_same_each_time() -> None:
    item = items()[0] | {"crop": [0.5, 0.0, 1.0, 1.0]}
    sent = in_wire_format(item)
    assert sent == in_wire_format(item)
    photo = Path(__file__).resolve().parents[2] / "demo" / "photos" / item["photo"]
    with (
        Image.open(photo) as whole,
        Image.open(io.BytesIO(base64.b64decode(sent["images"][0]["base64"]))) as part,
    ):
        assert part.size == (whole.width - whole.width // 2, whole.height)


def test_each_person_did_something_with_items_that_are_there() -> None:
    known, told = {item["id"] for item in items()}, []
    for person in [*guests(), *people()]:
        events = [InteractionIn.model_validate(one) for one in interactions(person)]
        assert {event.item.id for event in events if event.item} <= known
        liked = {event.item.id for event in events if event.item and event.kind in ("like", "save")}
        about = {themes()[item] for item in liked}
        assert person.tastes in (about, set())
        told += [event.id for event in events]
    assert all(person.tastes for person in people())
    assert len(people()) == 3
    assert len(told) == len(set(told))


def test_a_list_is_held_against_the_tastes_and_against_a_lot() -> None:
    person = people()[0]
    about = {"a": "food", "b": "food", "c": "other", "d": "other"}
    line = compare(person, ["a", "c", "unknown", "d", "d", "d", "b"], about)
    assert line == Comparison(person.id, 6, 1, 7, 2)
    assert line.by_chance == pytest.approx(12 / 7)
    assert line.luck == pytest.approx(1.0)  # one of two is always among six of seven
    assert Comparison("p", 2, 2, 4, 2).luck == pytest.approx(1 / 6)
    assert "1 of 6           1.7        1.000" in table([line])
    assert compare(person, [], about).by_chance == 0


def test_a_missing_settings_file_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--env", str(tmp_path / "tagsift.env")]) == 1
    assert "tagsift.env cannot be read" in capsys.readouterr().err
