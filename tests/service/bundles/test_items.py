"""An item bundle becomes live, is refused with its reason, and gives way to the one before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from items import ItemBundle, ItemBundleError
from service.bundles.errors import RefusedError
from service.bundles.items import promote_items, roll_back_items
from service.commands import bundles as commands
from service.config import Config
from service.items.embed import embed_items
from service.items.put import NewItem, put_item
from service.items.sweep import sweep_items
from service.parts import Parts
from service.tables import AuditEntry, BundlePromotion, ItemVector

Change = Callable[[dict[str, Any]], object]
Another = Callable[..., Path]


@pytest.fixture
def another(parts: Parts, tmp_path: Path) -> Another:
    """``another(name, change=None) -> folder``: the item bundle with its manifest changed."""

    def make(name: str, change: Change = lambda _: None) -> Path:
        folder = Path(shutil.copytree(parts.config.item_bundle, tmp_path / name))
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        manifest |= {"name": name, "vector_id": f"items-{name}"}
        change(manifest)
        path.write_text(json.dumps(manifest), "utf-8")
        return folder

    return make


@pytest.fixture
def command(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """``command("promote-items", …)`` runs a command on the parts of the test."""
    monkeypatch.setattr(commands, "make_parts", lambda _: parts)
    monkeypatch.setattr(Config, "from_environ", lambda: parts.config)
    monkeypatch.setattr(type(parts), "close", lambda _: None)
    return lambda *words: CliRunner().invoke(commands.group, words)


def promote(parts: Parts, folder: Path) -> ItemBundle:
    with parts.sessions.begin() as session:
        live = parts.encoders.current().bundle
        classifier = parts.screener.current().bundle
        return promote_items(
            session, parts.config, classifier, live, folder, who="mina", reason="better films"
        )


def roll_back(parts: Parts) -> ItemBundle:
    with parts.sessions.begin() as session:
        return roll_back_items(session, parts.config, who="mina", reason="")


def worse(manifest: dict[str, Any]) -> None:
    for row in manifest["metrics"]["rows"]:
        row["map"] -= 2.1


def of_other_films(manifest: dict[str, Any]) -> None:
    worse(manifest)
    manifest["fingerprint"] = "0" * 64


def of_another_classifier(manifest: dict[str, Any]) -> None:
    manifest["pictures_by"] = "another-network"


def without_card(manifest: dict[str, Any]) -> None:
    del manifest["files"]["card.md"]


def computed_otherwise(manifest: dict[str, Any]) -> None:
    manifest["canary"] = [-number for number in manifest["canary"]]


def test_it_is_live_from_a_copy_of_its_own_in_every_process(parts: Parts, another: Another) -> None:
    folder = another("second")
    made = promote(parts, folder)
    shutil.rmtree(folder)
    assert made.path == parts.config.data.resolve() / "bundles" / made.id
    assert parts.encoders.current().bundle.id == made.id
    with parts.sessions() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.action) == ("mina", "bundle.promoted")
        assert entry.details["reason"] == "better films"
        row = session.scalars(select(BundlePromotion)).one()
        assert (row.kind, row.embedding_id) == ("items", "items-second")
        assert row.figures["compared"] is True


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (worse, r"is worse than what is live: mean average precision falls from 13\.47 to 11\.37"),
        (of_another_classifier, r"takes what another-network sees.*starter.* is live"),
        (without_card, r"has no card\.md"),
    ],
)
def test_refused_with_the_reason(parts: Parts, another: Another, change: Change, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        promote(parts, another("worse", change))
    assert parts.encoders.current().bundle.path == parts.config.item_bundle


def test_one_that_learned_from_other_films_is_not_compared(parts: Parts, another: Another) -> None:
    promote(parts, another("other", of_other_films))
    with parts.sessions() as session:
        assert session.scalars(select(BundlePromotion)).one().figures["compared"] is False
    roll_back(parts)


def test_a_broken_one_is_refused(parts: Parts, another: Another) -> None:
    folder = another("broken")
    with (folder / "fusion.bin").open("ab") as file:
        file.write(b"!")
    with pytest.raises(ItemBundleError, match="SHA-256 differs"):
        promote(parts, folder)
    with pytest.raises(ItemBundleError, match="computes the network otherwise"):
        promote(parts, another("elsewhere", computed_otherwise))


def test_rolling_back_goes_through_every_promotion(parts: Parts, another: Another) -> None:
    first = promote(parts, another("first"))
    second = promote(parts, another("second"))
    with pytest.raises(RefusedError, match="live already"):
        promote(parts, second.path)
    assert roll_back(parts).id == first.id == parts.encoders.current().bundle.id
    assert roll_back(parts).path == parts.config.item_bundle
    with pytest.raises(RefusedError, match="Nothing to roll back to"):
        roll_back(parts)


def test_vectors_follow_there_and_back(parts: Parts, another: Another) -> None:
    with parts.sessions.begin() as session:
        put_item(session, NewItem("a", "A ship in space", "", (), ""), [])
    embed_items(parts)
    makers = []
    for change in (partial(promote, parts, another("second")), partial(roll_back, parts)):
        change()
        sweep_items(parts)
        embed_items(parts)
        with parts.sessions() as session:
            makers.append(session.scalars(select(ItemVector.made_by)).one())
    assert makers == ["items-second", parts.encoders.current().vector_id]


def test_the_commands_say_what_is_live_and_what_is_left(
    parts: Parts, another: Another, command: Callable[..., Any]
) -> None:
    with parts.sessions.begin() as session:
        put_item(session, NewItem("a", "A ship in space", "", (), ""), [])
    done = command("promote-items", str(another("second")), "--who", "mina", "--reason", "films")
    assert (done.exit_code, "is live; what it is worth says" in done.output) == (0, True)
    assert "items-second: 1 items and posts" in command("status").output
    assert "mina\tfilms" in command("list").output
    refused = command("promote-items", str(another("broken", of_another_classifier)))
    assert (refused.exit_code, "Error: broken-" in refused.output) == (1, True)
    assert "is live again." in command("rollback-items").output
    assert command("rollback-items").exit_code == 1
    with parts.sessions() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["bundle.promoted", "bundle.refused", "bundle.rolled_back"]
