"""The page of item bundles: what is live, another one in its place, and back."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.items.embed import embed_items
from service.items.put import NewItem, put_item
from service.items.sweep import sweep_items
from service.parts import Parts
from service.tables import AuditEntry
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor

Shelf = Callable[..., Path]


@pytest.fixture
def ana(clean: None, signed_in: NewVisitor) -> Visitor:
    """An analyst who is signed in."""
    return signed_in("ana", "analyst")


@pytest.fixture
def shelf(parts: Parts) -> Iterator[Shelf]:
    """``shelf(name, **changes) -> folder``: the item bundle with another manifest, where promoted
    ones are kept."""
    place = parts.config.data / "bundles"
    shutil.rmtree(place, ignore_errors=True)  # what other tests promoted

    def put(name: str, **changes: Any) -> Path:
        folder = Path(shutil.copytree(parts.config.item_bundle, place / name))
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text("utf-8")) | {"name": name} | changes
        path.write_text(json.dumps(manifest), "utf-8")
        return folder

    yield put
    shutil.rmtree(place, ignore_errors=True)


def promote(visitor: Visitor, name: str, reason: str = "better films") -> Any:
    form = {"name": f"bundles/{name}", "reason": reason}
    return visitor.send("/item-bundles/promote", form)


def shown(visitor: Visitor, name: str) -> dict[str, str]:
    """The form of the page that makes one live."""
    page = visitor.get("/item-bundles").text
    form = page[page.index(f'value="bundles/{name}"') :].split("</form>")[0]
    hidden = dict(re.findall(r'name="(seen|expected)" value="([^"]+)"', form))
    return {"name": f"bundles/{name}", "reason": "better films"} | hidden


def roll_back(visitor: Visitor, reason: str = "worse films") -> Any:
    return visitor.send("/item-bundles/rollback", {"reason": reason})


def log(parts: Parts) -> list[tuple[str, str]]:
    query = select(AuditEntry.actor, AuditEntry.action).where(
        AuditEntry.action.startswith("bundle.")
    )
    with parts.sessions() as session:
        return [(actor, action) for actor, action in session.execute(query.order_by(AuditEntry.id))]


@pytest.mark.parametrize("path", ["/item-bundles", "/item-bundles/state.json"])
def test_a_moderator_sees_none(clean: None, mina: Visitor, path: str) -> None:
    assert mina.get(path).status_code == 403


def test_the_live_one_with_its_figures_and_its_card(
    ana: Visitor, parts: Parts, shelf: Shelf
) -> None:
    page = ana.get("/item-bundles").text
    assert parts.encoders.current().bundle.id in page
    assert "picture only" in page, "a row of its figures"
    assert "Learned from" in page, "its card"
    assert "There is no other." in page
    assert "Roll back" not in page


def test_another_becomes_live_and_gives_way_again(ana: Visitor, parts: Parts, shelf: Shelf) -> None:
    with parts.sessions.begin() as session:
        put_item(session, NewItem("a", "A ship in space", "", (), ""), [])
    embed_items(parts)
    first = parts.encoders.current().bundle.id
    assert "1 of 1 items and posts" in ana.get("/item-bundles").text
    shelf("second", vector_id="items-second")
    assert promote(ana, "second").status_code == 303
    page = ana.get("/item-bundles").text
    live = parts.encoders.current().bundle
    assert live.manifest.name == "second"
    assert f"{live.id} is live. Vectors are made anew." in page
    assert "0 of 1 items and posts" in page
    assert ana.get("/item-bundles/state.json").json == {
        "over": False,
        "seen": 0,
        "total": 1,
        "text": "0 of 1 items and posts were looked at with it.",
    }
    sweep_items(parts)
    embed_items(parts)
    assert ana.get("/item-bundles/state.json").json["over"] is True  # type: ignore[index]
    assert roll_back(ana).status_code == 303
    assert f"The item bundle {first} is live again." in ana.get("/item-bundles").text
    assert parts.encoders.current().bundle.id == first
    assert log(parts) == [("ana", "bundle.promoted"), ("ana", "bundle.rolled_back")]


def test_who_rolls_back_what_a_colleague_rolled_back_is_told(
    ana: Visitor, parts: Parts, shelf: Shelf, signed_in: NewVisitor
) -> None:
    for name in ("second", "third"):
        shelf(name)
        assert promote(ana, name).status_code == 303
    ben = signed_in("ben", "analyst")
    found = re.search(r'name="seen" value="(\d+)"', ben.get("/item-bundles").text)
    assert found
    form = {"reason": "worse films", "seen": found[1]}
    assert ana.send("/item-bundles/rollback", form).status_code == 303
    answer = ben.send("/item-bundles/rollback", form)
    assert answer.status_code == 409
    assert "Another bundle went live since you opened the page" in answer.text
    assert parts.encoders.current().bundle.manifest.name == "second"


def test_who_promotes_from_a_page_that_a_colleague_overtook_is_told(
    ana: Visitor, parts: Parts, shelf: Shelf, signed_in: NewVisitor
) -> None:
    for name in ("second", "third"):
        shelf(name)
    ben = signed_in("ben", "analyst")
    third = shown(ben, "third")
    assert third["seen"] == "0", "nothing was promoted yet"
    assert promote(ana, "second").status_code == 303
    answer = ben.send("/item-bundles/promote", third)
    assert answer.status_code == 409
    assert "Another bundle went live since you opened the page" in answer.text
    assert parts.encoders.current().bundle.manifest.name == "second"
    assert ben.send("/item-bundles/promote", shown(ben, "third")).status_code == 303
    assert parts.encoders.current().bundle.manifest.name == "third"


def test_a_folder_that_holds_another_bundle_by_now_is_not_made_live(
    ana: Visitor, parts: Parts, shelf: Shelf
) -> None:
    live = parts.encoders.current().bundle.id
    folder = shelf("second")
    form = shown(ana, "second")
    shutil.rmtree(folder)
    shelf("second", licence="another")
    answer = ana.send("/item-bundles/promote", form)
    assert answer.status_code == 409
    assert f"and you saw {form['expected']}. Look again first." in answer.text
    assert parts.encoders.current().bundle.id == live


def test_nothing_changes_without_a_reason(ana: Visitor, parts: Parts, shelf: Shelf) -> None:
    shelf("second")
    for answer in (promote(ana, "second", " "), roll_back(ana, "")):
        assert answer.status_code == 422
        assert "Give a reason" in answer.text
    assert log(parts) == []


def test_what_is_refused_says_why_and_is_in_the_log(
    ana: Visitor, parts: Parts, shelf: Shelf
) -> None:
    shelf("other", pictures_by="another-network")
    answer = promote(ana, "other")
    assert answer.status_code == 409
    assert "takes what another-network sees in pictures" in answer.text
    answer = roll_back(ana)
    assert answer.status_code == 409
    assert "Nothing to roll back to" in answer.text
    assert log(parts) == [("ana", "bundle.refused")]


def test_broken_ones_are_shown_with_what_is_wrong(ana: Visitor, shelf: Shelf) -> None:
    with (shelf("cut") / "fusion.bin").open("ab") as file:
        file.write(b"!")
    (shelf("torn") / "manifest.json").write_text("{", "utf-8")
    page = ana.get("/item-bundles").text
    assert "SHA-256 differs" in page
    assert "torn/manifest.json" in page
    assert promote(ana, "cut").status_code == 409
    assert promote(ana, "../../etc").status_code == 404
