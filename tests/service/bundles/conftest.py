"""Bundles that differ from the starter in what their manifest says."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openvino
import pytest

from service.parts import Parts

Edit = Callable[[dict[str, Any]], object]
Another = Callable[..., Path]


@pytest.fixture(autouse=True, scope="module")
def compiled_once() -> Iterator[None]:
    """OpenVINO takes half a second for each network, and most of these are copies of the starter's:
    a module compiles the same bytes once."""
    compile_model, made = openvino.Core.compile_model, {}

    def once(core: openvino.Core, network: str, *how: Any) -> openvino.CompiledModel:
        files = (Path(network), Path(network).with_suffix(".bin"))
        key = (*(hashlib.sha256(file.read_bytes()).digest() for file in files), repr(how))
        if key not in made:
            made[key] = compile_model(core, network, *how)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openvino.Core, "compile_model", once)
        yield


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
