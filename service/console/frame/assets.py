"""Our style sheets and scripts, in a folder whose name changes with what is in it.

A script imports another by its name alone, so it is the folder that has to carry the version.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

from service.console.frame.access import Permission, needs
from service.parts import Parts

STATIC = Path(__file__).parents[1] / "static"
YEAR_SECONDS = 365 * 24 * 3600


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """One file of a version. That version's files may be kept; whatever else is asked for again."""

    @blueprint.get("/static/<version>/<name>")
    @needs(Permission.NOTHING)
    def asset(version: str, name: str) -> Response:
        kept = YEAR_SECONDS if version == current_version() else 0
        return send_from_directory(STATIC, name, max_age=kept)


def static_url(name: str) -> str:
    """The address of one of our files; browsers may keep what is there."""
    return url_for("console.asset", version=current_version(), name=name)


@cache
def current_version() -> str:
    """A digest of every file, read once in a process."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
