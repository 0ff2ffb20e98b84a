"""Bundles that differ from the starter in what their manifest says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.parts import Parts

Edit = Callable[[dict[str, Any]], object]
Another = Callable[..., Path]


@pytest.fixture
def another(parts: Parts, tmp_path: Path) -> Another:
    """``another(name, edit=None) -> folder``: the starter under another name, its manifest edited.

    The manifest is the one file that no hash is kept of: it makes the bundle's id.
    """

    def make(name: str, edit: Edit | None = None) -> Path:
        folder = Path(shutil.copytree(parts.config.bundle, tmp_path / name))
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text("utf-8")) | {"name": name}
        if edit is not None:
            edit(manifest)
        path.write_text(json.dumps(manifest), "utf-8")
        return folder

    return make
