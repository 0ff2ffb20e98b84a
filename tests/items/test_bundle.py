from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from items import ItemBundle, ItemBundleError
from items.bundle import NETWORK, POOLING, TERMS, TEXT


@pytest.fixture
def copy(shipped: ItemBundle, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped.path, tmp_path / "copy"))


def edited(folder: Path, **changes: object) -> Path:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
    return folder


def test_the_bundle_that_ships_belongs_to_the_classifier_that_ships(
    shipped: ItemBundle, repository: Path
) -> None:
    starter = json.loads((repository / "models/starter/manifest.json").read_text("utf-8"))
    assert shipped.manifest.pictures_by == starter["embedding_id"]
    assert shipped.manifest.picture_dimension == starter["dimension"]
    assert shipped.manifest.dimension == 256


def test_the_bundle_that_ships_is_small_and_holds_no_text(shipped: ItemBundle) -> None:
    files = list(shipped.path.iterdir())
    assert {file.name for file in files} == {*shipped.manifest.files, "manifest.json"}
    assert sum(file.stat().st_size for file in files) < 8 * 2**20
    assert not [term for term in shipped.inputs.text.terms if " " in term]


@pytest.mark.parametrize("name", [NETWORK, TERMS, TEXT, "card.md"])
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ItemBundleError, match=f"{name} is not the file"):
        ItemBundle.load(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / TEXT).unlink()
    with pytest.raises(ItemBundleError, match=r"text\.safetensors cannot be read"):
        ItemBundle.load(copy)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "item bundle format 2"),
        ({"kind": "classifier"}, "describes no item bundle"),
        ({"files": {}}, r"does not name fusion\.xml"),
        ({"dimension": 0}, "dimension: "),
        ({"more": 1}, "more: "),
    ],
)
def test_another_manifest_is_refused(copy: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(ItemBundleError, match=said):
        ItemBundle.load(edited(copy, **changes))


def test_a_manifest_leads_out_of_no_folder(copy: Path, shipped: ItemBundle) -> None:
    files = dict(shipped.manifest.files) | {"../secret": "0" * 64}
    with pytest.raises(ItemBundleError, match="not a plain file name"):
        ItemBundle.load(edited(copy, files=files))


def test_a_classifiers_bundle_is_no_item_bundle(repository: Path) -> None:
    with pytest.raises(ItemBundleError, match="describes no item bundle"):
        ItemBundle.load(repository / "models" / "starter")


def test_an_empty_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(ItemBundleError, match="is no item bundle"):
        ItemBundle.load(tmp_path)


def test_attention_needs_its_query_and_one_of_the_right_length(copy: Path) -> None:
    with pytest.raises(ItemBundleError, match=r"does not name pooling\.safetensors"):
        ItemBundle.load(edited(copy, pooling="attention"))
    for length, said in ((3, "not of the pictures' dimension"), (1280, "")):
        data = save({"query": np.zeros(length, np.float32)})
        (copy / POOLING).write_bytes(data)
        manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
        files = manifest["files"] | {POOLING: hashlib.sha256(data).hexdigest()}
        edited(copy, files=files)
        if said:
            with pytest.raises(ItemBundleError, match=said):
                ItemBundle.load(copy)
    assert ItemBundle.load(copy).inputs.query is not None
