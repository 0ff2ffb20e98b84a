"""What becomes live, what is refused and why, and the way back."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from classifiers import Bundle, BundleError
from rules import RulesetError
from service.bundles import promote as changes
from service.bundles.errors import RefusedError
from service.parts import Parts
from service.screener import Screener
from service.tables import AuditEntry, BundlePromotion, Reembedding
from tests.service.bundles.conftest import Another


def _promote(parts: Parts, folder: Path, *, reembed: bool = False) -> Bundle:
    with parts.sessions.begin() as session:
        return changes.promote(
            session,
            parts.config,
            Screener(parts.config, parts.sessions).current(),
            folder,
            test=None,
            reembed=reembed,
            who="mina",
            reason="better on lattes",
        )


def _roll_back(parts: Parts) -> Bundle:
    with parts.sessions.begin() as session:
        current = Screener(parts.config, parts.sessions).current()
        return changes.roll_back(session, parts.config, current, who="mina", reason="")


def _live(parts: Parts) -> Bundle:
    return Screener(parts.config, parts.sessions).current().bundle


def _other_network(manifest: dict[str, Any]) -> None:
    manifest["embedding_id"] = "another-network-224-0123456789ab"


def _rows(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    metrics = manifest["metrics"]
    rows: list[dict[str, Any]] = [
        row for key in ("test", "unseen_sources", "known_sources") for row in _labels(metrics, key)
    ]
    return rows


def _labels(metrics: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (metrics.get(key) or {}).get("labels", [])
    return found


def _forgetful(manifest: dict[str, Any]) -> None:
    """Food is recognised less often, by three points."""
    for row in _rows(manifest):
        if row["label"] == "food":
            row["recall"] = max(0.0, (row["recall"] or 0) - 0.03)


def _slightly_forgetful(manifest: dict[str, Any]) -> None:
    for row in _rows(manifest):
        row["recall"] = row["recall"] and max(0.0, row["recall"] - 0.019)


def _imprecise(manifest: dict[str, Any]) -> None:
    for row in _rows(manifest):
        row["f1"] = row["f1"] and max(0.0, row["f1"] - 0.05)


def _without_food(manifest: dict[str, Any]) -> None:
    next(entry for entry in manifest["labels"] if entry["name"] == "food")["name"] = "victuals"


def _elsewhere(manifest: dict[str, Any]) -> None:
    manifest["fingerprint"] = "0" * 64
    manifest["labels"][0]["true_at"] = 0.97


def test_a_promoted_bundle_is_live_from_a_copy_of_its_own(parts: Parts, another: Another) -> None:
    folder = another("second", _slightly_forgetful)
    made = _promote(parts, folder)
    assert made.path == parts.config.data.resolve() / "bundles" / made.id
    (folder / "heads.safetensors").unlink()
    assert (_live(parts).id, _live(parts).path) == (made.id, made.path)
    with parts.sessions() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor, entry.action) == ("mina", "bundle.promoted")
        assert entry.details["reason"] == "better on lattes"
        figures = session.scalars(select(BundlePromotion)).one().figures
        assert "food" in figures["labels"]


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (_other_network, r"other embeddings \(another-network.*--reembed"),
        (_forgetful, r"recall of food falls from 0\.\d+ to 0\.\d+"),
        (_imprecise, r"macro F1 falls"),
        (_elsewhere, r"not measured on the same photographs.*--test DATA"),
    ],
)
def test_refused_with_the_reason(parts: Parts, another: Another, edit: Any, why: str) -> None:
    folder = another("worse", edit)
    with pytest.raises(RefusedError, match=why):
        _promote(parts, folder)
    assert _live(parts).path == parts.config.bundle


def test_a_wrong_hash_is_refused(parts: Parts, another: Another) -> None:
    folder = another("broken")
    with (folder / "heads.safetensors").open("ab") as file:
        file.write(b"!")
    with pytest.raises(BundleError, match="SHA-256 differs"):
        _promote(parts, folder)
    assert not (parts.config.data / "bundles" / "broken").exists()


def test_a_network_that_cannot_run_is_refused(parts: Parts, another: Another) -> None:
    """Its hashes are right. Live, it would fail every photograph that arrives."""

    def of_an_empty_network(manifest: dict[str, Any]) -> None:
        _slightly_forgetful(manifest)
        manifest["files"]["backbone.xml"] = hashlib.sha256(b"").hexdigest()

    folder = another("blind", of_an_empty_network)
    (folder / "backbone.xml").write_bytes(b"")
    with pytest.raises(BundleError, match="holds no network that OpenVINO can run"):
        _promote(parts, folder)
    assert _live(parts).path == parts.config.bundle


def test_a_label_that_live_rules_ask_for_is_missed(parts: Parts, another: Another) -> None:
    with pytest.raises(RulesetError, match="food"):
        _promote(parts, another("hungry", _without_food))


def test_what_is_live_is_not_promoted_again(parts: Parts) -> None:
    with pytest.raises(RefusedError, match="live already"):
        _promote(parts, parts.config.bundle)


def test_rolling_back_goes_through_every_promotion(parts: Parts, another: Another) -> None:
    first = _promote(parts, another("first"))
    second = _promote(parts, another("second"))
    assert _live(parts).id == second.id
    assert _roll_back(parts).id == first.id == _live(parts).id
    assert _roll_back(parts).path == parts.config.bundle == _live(parts).path
    with pytest.raises(RefusedError, match="Nothing to roll back to"):
        _roll_back(parts)
    with parts.sessions() as session:
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
            "bundle.promoted",
            "bundle.promoted",
            "bundle.rolled_back",
            "bundle.rolled_back",
        ]


def test_stored_embeddings_follow_another_network_and_back(parts: Parts, another: Another) -> None:
    made = _promote(parts, another("other", _other_network), reembed=True)
    with parts.sessions() as session:
        assert session.scalars(select(Reembedding.made_by)).all() == [made.embedding_id]
    _roll_back(parts)
    with parts.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Reembedding)) == 2
