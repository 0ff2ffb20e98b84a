"""Every process uses what is live, from its next request or batch on."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from classifiers import BundleError
from service.app import create_app
from service.config import Config
from service.live_versions import Kind, Versions, live_versions, make_live
from service.parts import Parts, make_parts
from service.rulesets import store
from service.screener import Screener
from service.tables import StoredRuleset
from tests.service.conftest import Variant

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def screener(config: Config, parts: Parts) -> Screener:
    return Screener(config, parts.sessions)


def _make_live(parts: Parts, folder: Path | None) -> None:
    with parts.sessions.begin() as session:
        make_live(session, Kind.BUNDLE, None if folder is None else str(folder))


def test_nothing_is_live_but_what_the_settings_name(parts: Parts, screener: Screener) -> None:
    with parts.sessions() as session:
        assert live_versions(session) == Versions()
    assert screener.current().bundle.path == parts.config.bundle


def test_the_same_screen_serves_until_something_changes(screener: Screener) -> None:
    assert screener.current() is screener.current()


def test_a_live_bundle_takes_over_and_can_be_taken_back(
    parts: Parts, screener: Screener, tmp_path: Path
) -> None:
    first = screener.current()
    folder = Path(shutil.copytree(parts.config.bundle, tmp_path / "copy"))
    _make_live(parts, folder)
    assert screener.current().bundle.path == folder
    assert first.bundle.path == parts.config.bundle, "a batch keeps what it began with"
    _make_live(parts, None)
    assert screener.current().bundle.path == parts.config.bundle


def test_a_bundle_that_cannot_be_used_leaves_the_one_before(
    parts: Parts, screener: Screener, tmp_path: Path
) -> None:
    first = screener.current()
    _make_live(parts, tmp_path / "nothing")
    assert screener.current() is first


@pytest.mark.slow
def test_a_bundle_that_this_machine_computes_otherwise_leaves_the_one_before(
    parts: Parts, screener: Screener, tmp_path: Path
) -> None:
    first = screener.current()
    assert first.classifier.bundle is first.bundle
    folder = Path(shutil.copytree(parts.config.bundle, tmp_path / "copy"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["canary"][0] += 1
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    _make_live(parts, folder)
    assert screener.current() is first


def test_a_process_that_begins_with_a_broken_bundle_says_so(
    parts: Parts, screener: Screener, tmp_path: Path
) -> None:
    _make_live(parts, tmp_path / "nothing")
    with pytest.raises(BundleError):
        screener.current()


@pytest.fixture
def refused(parts: Parts, variant: Variant) -> str:
    """The id of the rules before those that are live, which a stricter reader refuses."""
    for cafe in ("drink", "drink or dog"):
        with parts.sessions.begin() as session:
            screen = parts.screener.current()
            made = store.add(session, variant(cafe), "ana", "a note", screen).id
            store.promote(session, made, "ana", "because", screen)
        if cafe == "drink":
            before = parts.screener.current().ruleset.id
    with parts.sessions.begin() as session:
        session.get_one(StoredRuleset, made).source += "\nnonsense: 1\n"
    return before


def test_a_process_that_begins_with_refused_rules_takes_those_before(
    screener: Screener, refused: str
) -> None:
    screen = screener.current()
    assert screen.ruleset.id == refused
    assert "'nonsense' stands beside the categories" in str(screen.refused)


def test_the_settings_rules_are_the_last_to_be_taken(
    parts: Parts, screener: Screener, refused: str
) -> None:
    with parts.sessions.begin() as session:
        for one in session.scalars(select(StoredRuleset).where(StoredRuleset.state == "retired")):
            one.source += "\nnonsense: 1\n"
    assert screener.current().ruleset.id not in {refused, ""}
    assert str(screener.current().ruleset.categories["cafe"].rule) == "food or drink"


def test_refused_rules_are_told_and_can_be_replaced(
    config: Config, refused: str, variant: Variant
) -> None:
    parts = make_parts(config)
    client = create_app(config, parts).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 200, "else nobody gets to the console that repairs it"
    said = (answer.json or {})["parts"]["ruleset"]
    assert said == "the live rules cannot be used; those before decide"
    with parts.sessions.begin() as session:
        screen = parts.screener.current()
        made = store.add(session, variant("drink or sea"), "ana", "a note", screen).id
        store.promote(session, made, "ana", "repaired", screen)
    assert parts.screener.current().refused is None
    assert (client.get("/readyz").json or {})["parts"]["ruleset"] == "ready"
    parts.close()


def test_a_thread_that_asked_before_a_change_does_not_take_it_back(
    parts: Parts, screener: Screener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread is told the old version and then has to wait; another one sees the change."""
    screener.current()
    folder = Path(shutil.copytree(parts.config.bundle, tmp_path / "copy"))
    asked, changed = Event(), Event()

    def slowly(session: Session) -> Versions:
        found = live_versions(session)
        if threading.current_thread() is late and not asked.is_set():
            asked.set()
            assert changed.wait(30)
        return found

    _make_live(parts, folder)
    monkeypatch.setattr("service.screener.live_versions", slowly)
    late = threading.Thread(target=screener.current)
    late.start()
    assert asked.wait(30)
    _make_live(parts, None)
    assert screener.current().bundle.path == parts.config.bundle
    changed.set()
    late.join()
    made = screener.__dict__["_made"]
    assert made[0] == Versions(), "the late thread went back to the version it was told first"
