"""A bundle is what its manifest says, byte for byte, or it is refused with a sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers import Bundle, BundleError
from classifiers.calibration import Isotonic, Platt, Temperature
from classifiers.manifest import format_for


@pytest.fixture
def copy(starter: Bundle, tmp_path: Path) -> Path:
    return Path(shutil.copytree(starter.path, tmp_path / "copy"))


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), "utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(BundleError) as caught:
        Bundle.load(folder)
    return str(caught.value)


def test_the_starter_bundle_says_what_it_is(starter: Bundle) -> None:
    assert starter.id.startswith("starter-")
    assert len(starter.id.removeprefix("starter-")) == 12
    assert starter.embedding_id.startswith("inceptionv3-mixed8-")
    assert starter.dimension == 1280
    assert {label.group for label in starter.labels} == {"object", "scene"}
    parents = {label.name: label.parent for label in starter.labels}
    assert parents["cat"] == parents["dog"] == "animal"
    assert all(set(label.titles) == {"en", "ko"} for label in starter.labels)


def test_it_fits_into_the_repository(starter: Bundle) -> None:
    assert sum(path.stat().st_size for path in starter.path.iterdir()) <= 24 * 2**20


def test_each_file_is_named_by_the_manifest(starter: Bundle) -> None:
    lying = {path.name for path in starter.path.iterdir()}
    assert lying == {"manifest.json", *starter.manifest.files}


def test_a_copy_is_the_same_bundle(starter: Bundle, copy: Path) -> None:
    assert Bundle.load(copy).id == starter.id


def test_facts_come_from_the_labels_thresholds(starter: Bundle) -> None:
    label = starter.labels[0]
    assert starter.fact(label.name, 1.0) is label.fact(1.0)
    with pytest.raises(KeyError):
        starter.fact("unicorn", 0.5)


@pytest.mark.parametrize("name", ["backbone.xml", "backbone.bin", "heads.safetensors"])
def test_a_changed_file_is_refused(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    assert name in refusal(copy)
    assert "SHA-256" in refusal(copy)


@pytest.mark.parametrize("name", ["backbone.bin", "heads.safetensors"])
def test_a_missing_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert name in refusal(copy)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    assert "no model bundle" in refusal(tmp_path)
    assert "no model bundle" in refusal(tmp_path / "nowhere")


def test_a_manifest_that_is_not_json_is_refused(copy: Path) -> None:
    (copy / "manifest.json").write_text("{", "utf-8")
    assert "not JSON" in refusal(copy)


@pytest.mark.parametrize("version", [5, 99, None, "1"])
def test_a_version_from_the_future_is_refused(copy: Path, version: object) -> None:
    message = refusal(changed(copy, lambda manifest: manifest.update(format=version)))
    assert f"format {version!r}" in message


@pytest.mark.parametrize("name", ["../secret", "..", "", "a/b", "a\\b", "a\0b", "x\n"])
def test_a_file_outside_the_folder_is_refused(copy: Path, name: str) -> None:
    changed(copy, lambda manifest: manifest["files"].update({name: "0" * 64}))
    assert "plain file name" in refusal(copy)


@pytest.mark.parametrize("field", ["name", "embedding_id"])
@pytest.mark.parametrize(
    "name", ["../../etc", "..", ".hidden", "/etc/x", "a/b", "a\0b", "x\n", "", "n" * 65]
)
def test_a_name_that_could_lead_out_of_a_folder_is_refused(
    copy: Path, field: str, name: str
) -> None:
    message = refusal(changed(copy, lambda manifest: manifest.update({field: name})))
    assert f"manifest.json: {field}: " in message


@pytest.mark.parametrize("name", ["starter", "라떼 2026-11", "v1.2+lattes", "n" * 64])
def test_names_may_be_in_any_language(copy: Path, name: str) -> None:
    found = Bundle.load(changed(copy, lambda manifest: manifest.update(name=name)))
    assert found.id.startswith(f"{name}-")


def test_a_manifest_without_the_network_is_refused(copy: Path) -> None:
    changed(copy, lambda manifest: manifest["files"].pop("backbone.bin"))
    assert "incomplete" in refusal(copy)


def test_a_wrong_field_is_named(copy: Path) -> None:
    changed(copy, lambda manifest: manifest["preprocessing"].update(size="large"))
    assert "preprocessing.size" in refusal(copy)


@pytest.mark.parametrize("field", ["true_at", "false_at"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_threshold_that_is_no_number_is_refused(copy: Path, field: str, value: float) -> None:
    """No score is above it, so that its label was never stated, without a word."""
    told = refusal(changed(copy, lambda manifest: manifest["labels"][0].update({field: value})))
    assert f"labels.0.{field}: Input should be a finite number" in told


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_calibration_that_is_no_number_is_refused(copy: Path, value: float) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["labels"][0]["calibration"]["shift"] = value

    assert "Input should be a finite number" in refusal(changed(copy, change))


def test_another_kind_of_bundle_is_asked_about(repository: Path) -> None:
    message = refusal(repository / "models" / "items")
    assert "does not name embedding_id: is it of another kind of bundle?" in message


def test_each_format_is_the_oldest_that_can_hold_the_bundle(starter: Bundle) -> None:
    platt = [Platt(), Platt()]
    assert format_for(platt, sharpness=(0.0, 0.0)) == 1
    assert format_for([Platt(), Temperature(temperature=2.0)]) == 2
    assert format_for(platt, "int8") == 3
    assert format_for(platt, exclusive_scenes=False) == 4
    assert format_for(platt, "int8", sharpness=(0.0, 0.03)) == 4
    assert starter.manifest.format == 4
    assert any(starter.heads.sharpness)


def test_scenes_of_the_third_format_exclude_each_other_and_all_places_count_alike(
    copy: Path,
) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["format"] = format_for([Platt()], "int8")
        del manifest["exclusive_scenes"]
        for label in manifest["labels"]:
            del label["sharpness"]

    found = Bundle.load(changed(copy, change))
    assert found.manifest.format == 3
    scenes = tuple(label.group == "scene" for label in found.labels)
    assert any(scenes)
    assert found.heads.exclusive == scenes
    assert not any(found.heads.sharpness)
    written = json.loads(found.manifest.to_json())
    assert "exclusive_scenes" not in written
    assert all("sharpness" not in label for label in written["labels"])


def test_a_bundle_of_the_first_format_computes_in_float32(copy: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["format"] = format_for([Platt()])
        del manifest["precision"], manifest["canary"]

    found = Bundle.load(changed(copy, change)).manifest
    assert (found.format, found.precision, found.canary) == (1, "float32", ())
    assert not {"precision", "canary"} & set(json.loads(found.to_json()))


@pytest.mark.parametrize(
    "way",
    [Temperature(temperature=2.0), Isotonic(logits=(-3.0, 0.0, 3.0), scores=(0.1, 0.4, 0.8))],
)
def test_other_calibrations_are_of_the_second_format(
    starter: Bundle, copy: Path, way: Temperature | Isotonic
) -> None:
    def change(manifest: dict[str, Any]) -> None:
        manifest["labels"][0]["calibration"] = way.model_dump()
        manifest["format"] = format_for([Platt(), way])

    found = Bundle.load(changed(copy, change))
    assert found.manifest.format == 2
    odds = np.linspace(-4, 4, 39, dtype=np.float32).reshape(3, 13)
    scores, before = (bundle.heads.calibrated(odds) for bundle in (found, starter))
    assert np.array_equal(scores[:, 0], way.score(odds[:, 0]))
    assert np.array_equal(scores[:, 1:], before[:, 1:])


def test_a_calibration_that_makes_no_curve_is_refused(copy: Path) -> None:
    broken = {"logits": [0.0, 1.0], "scores": [0.9, 0.1]}
    changed(copy, lambda manifest: manifest["labels"][2].update(calibration=broken))
    assert "labels.2.calibration" in refusal(copy)


def test_a_parent_that_is_no_label_is_refused(copy: Path) -> None:
    changed(copy, lambda manifest: manifest["labels"][0].update(parent="unicorn"))
    assert "unknown parent unicorn" in refusal(copy)


def test_a_label_above_itself_is_refused(copy: Path) -> None:
    changed(copy, lambda m: m["labels"][0].update(parent=m["labels"][0]["name"]))
    assert "its own ancestor" in refusal(copy)


def test_heads_for_other_labels_are_refused(copy: Path) -> None:
    changed(copy, lambda manifest: manifest["labels"].pop())
    assert "heads.safetensors" in refusal(copy)


def test_nothing_in_a_bundle_is_pickled(starter: Bundle) -> None:
    assert {path.suffix for path in starter.path.iterdir()} <= {
        ".json",
        ".xml",
        ".bin",
        ".safetensors",
        ".md",
    }
