"""Whoever changes something by a command is named in the audit log, as no account can be called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from service.commands.actor import actor
from service.parts import Parts
from service.tables import AuditEntry
from tests.service.commands.conftest import Call
from tests.service.conftest import Variant

Make = Callable[[Path, Variant], tuple[str, ...]]


def _ruleset(folder: Path, variant: Variant) -> tuple[str, ...]:
    file = folder / "new.yaml"
    file.write_bytes(variant("not (food or drink)", "[cat]", "[food]").data)
    return ("rules", "add", str(file))


def _hashtag(folder: Path, _: Variant) -> tuple[str, ...]:
    file = folder / "new.csv"
    file.write_text("tag,categories,who,when,why\n쀍쀍쀍,cafe,ana,2026-11-21,bakery\n", "utf-8")
    return ("lexicon", "import", str(file))


@pytest.mark.parametrize(
    ("make", "action"),
    [
        (_ruleset, "ruleset.added"),
        (_hashtag, "lexicon.changed"),
        (lambda folder, _: ("bundles", "promote", str(folder)), "bundle.refused"),
        (lambda folder, _: ("reviews", "export", "--out", str(folder / "r")), "reviews.exported"),
    ],
    ids=["rules", "lexicon", "bundles", "reviews"],
)
def test_a_command_is_logged_with_the_user_of_the_shell(
    call: Call, parts: Parts, variant: Variant, tmp_path: Path, make: Make, action: str
) -> None:
    answer = call(*make(tmp_path, variant))
    assert "Traceback" not in answer.output
    with parts.sessions() as session:
        [entry] = session.scalars(select(AuditEntry)).all()
    assert (entry.actor, entry.action) == (actor(), action)
    assert entry.actor.startswith("shell")
