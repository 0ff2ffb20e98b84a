"""Two bundles on the photographs of a frozen test set, measured by the real command."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from classifiers import Bundle
from service.bundles.compare import Comparison, Figures, compare
from service.bundles.errors import RefusedError
from service.parts import Parts
from tests.service.bundles.conftest import Another


def _figures(f1: float | None, recall: float | None) -> Figures:
    return Figures(photographs=100, shown=20, f1=f1, recall=recall)


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ((0.9, 0.9), (0.9, 0.88), 0),
        ((0.9, 0.9), (0.9, 0.879), 1),
        ((0.9, 0.9), (0.879, 0.879), 2),
        ((0.9, 0.9), (None, None), 2),
        ((None, None), (0.1, 0.1), 0),
    ],
)
def test_more_than_two_points(
    before: tuple[float | None, float | None], after: tuple[float | None, float | None], worse: int
) -> None:
    found = Comparison("them", {"sea": _figures(*before)}, {"sea": _figures(*after)})
    assert len(found.worse()) == worse


def test_a_label_that_only_one_has_does_not_count() -> None:
    known, new = {"sea": _figures(0.9, 0.9)}, {"menu": _figures(0.1, 0.1)}
    assert Comparison("them", known, known | new).worse() == []


@pytest.mark.slow  # processes
def test_measured_on_a_folder_of_photographs(
    parts: Parts, another: Another, tmp_path: Path, repository: Path
) -> None:
    """The same network under another name sees the same; each measurement takes some seconds."""
    photos = sorted((repository / "demo" / "photos").glob("*.jpg"))[:4]
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "labels"])
        rows.writerows([[str(photo), "food"] for photo in photos[:2]])
        rows.writerows([[str(photo), ""] for photo in photos[2:]])

    live = Bundle.load(parts.config.bundle)
    same = compare(live, Bundle.load(another("same")), tmp_path)
    assert same.before == same.after
    assert same.before["food"].photographs == 4
    assert same.before["food"].shown == 2
    assert same.worse() == []


@pytest.mark.slow  # a process
def test_photographs_that_are_none(parts: Parts, another: Another, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    live, other = Bundle.load(parts.config.bundle), Bundle.load(another("same"))
    with pytest.raises(RefusedError, match=r"cannot be measured on .*no photographs"):
        compare(live, other, tmp_path / "empty")


def _add_menu(folder: Path, group: str = "object", shift: float = 0.0) -> Bundle:
    """A label more, from other photographs; ``shift`` is added to what the first label scores."""
    heads, path = load_file(folder / "heads.safetensors"), folder / "manifest.json"
    bias = np.insert(heads["bias"], -1, 0.5)
    bias[0] += shift
    kernel = np.insert(heads["kernel"], -1, 0.5, axis=1)
    save_file({"kernel": kernel, "bias": bias}, folder / "heads.safetensors")
    manifest = json.loads(path.read_text("utf-8"))
    manifest["labels"].append({**manifest["labels"][0], "name": "menu", "group": group})
    manifest["fingerprint"] = "0" * 64
    digest = hashlib.sha256((folder / "heads.safetensors").read_bytes()).hexdigest()
    manifest["files"]["heads.safetensors"] = digest
    path.write_text(json.dumps(manifest), "utf-8")
    return Bundle.load(folder)


def test_a_bundle_with_a_label_more_needs_no_photographs(parts: Parts, another: Another) -> None:
    live = Bundle.load(parts.config.bundle)
    found = compare(live, _add_menu(another("more")), None)
    assert found.on == "the photographs held back from both"
    assert found.before == found.after
    assert found.worse() == []


def test_unless_what_it_says_of_another_label_changes(parts: Parts, another: Another) -> None:
    live = Bundle.load(parts.config.bundle)
    with pytest.raises(RefusedError, match="not measured on the same photographs"):
        compare(live, _add_menu(another("more"), shift=0.01), None)


def test_a_scene_more_takes_from_what_scenes_score_that_exclude_each_other(
    parts: Parts, another: Another
) -> None:
    live = Bundle.load(parts.config.bundle)
    assert compare(live, _add_menu(another("more"), "scene"), None).worse() == []

    def exclude(manifest: dict[str, Any]) -> None:
        manifest["exclusive_scenes"] = True

    before, after = (another(name, exclude) for name in ("exclusive", "more-exclusive"))
    with pytest.raises(RefusedError, match="not measured on the same photographs"):
        compare(Bundle.load(before), _add_menu(after, "scene"), None)
