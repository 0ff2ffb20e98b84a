"""A bundle whose hashes are right may still hold anything: it is refused, with one sentence.

Whoever made the manifest made its hashes, so that these say nothing of what the files hold.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from classifiers import Bundle, BundleError, Classifier

Manifest = dict[str, Any]


@pytest.fixture
def copy(starter: Bundle, tmp_path: Path) -> Path:
    return Path(shutil.copytree(starter.path, tmp_path / "copy"))


def signed(folder: Path, change: Callable[[Manifest], object] = lambda _: None) -> Path:
    """The folder with its manifest changed, and the hashes of what lies there now."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    change(manifest)
    path.write_text(json.dumps(manifest), "utf-8")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(BundleError) as caught:
        Classifier(Bundle.load(folder), threads=1)
    told = str(caught.value)
    assert "\n" not in told
    return told


def of_first(**values: object) -> Callable[[Manifest], object]:
    return lambda manifest: manifest["labels"][0].update(values)


@pytest.mark.parametrize("text", ['{"format": 1, "x": ' + "[" * 200_000, '{"x": "\\ud800"}'])
def test_json_that_cannot_be_used_is_refused(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_text(text, "utf-8")
    assert "not JSON that can be used" in refusal(copy)


@pytest.mark.parametrize("name", ["", "n" * 65, "a\0b", "x\n", "x\x1b[31m", "x\u202ey"])
def test_a_label_that_no_terminal_or_database_takes_is_refused(copy: Path, name: str) -> None:
    assert "manifest.json: labels.0.name: " in refusal(signed(copy, of_first(name=name)))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"true_at": 1e308}, "labels.0.true_at: "),
        ({"true_at": -5}, "labels.0.true_at: "),
        ({"false_at": 1.1}, "labels.0.false_at: "),
        ({"true_at": 0.2, "false_at": 0.8}, "labels.0: true_at must not be below false_at"),
        ({"sharpness": 1e-300}, "labels.0: sharpness must be 0 or from 0.0001 on"),
        ({"sharpness": 11}, "labels.0.sharpness: "),
        ({"calibration": {"slope": 1e39, "shift": 0}}, "labels.0.calibration"),
        ({"calibration": {"slope": 1, "shift": -1e39}}, "labels.0.calibration"),
        ({"calibration": {"temperature": 1e-300}}, "labels.0.calibration"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    copy: Path, values: dict[str, object], why: str
) -> None:
    """Scores of them would be no numbers, or every photograph would show the label."""
    assert why in refusal(signed(copy, of_first(**values)))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"promise": {}}, "promise must name max_error and confidence"),
        ({"promise": {"max_error": 7, "confidence": -1}}, "promise must name"),
        ({"canary": []}, "canary names 0 numbers for 13 labels"),
        ({"canary": [0.0]}, "canary names 1 numbers for 13 labels"),
        ({"preprocessing": {"size": 256, "scale": 1e300, "offset": 0}}, "preprocessing.scale: "),
        ({"preprocessing": {"size": 64, "scale": 1, "offset": 0}}, "of 64 pixels"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    copy: Path, values: dict[str, object], why: str
) -> None:
    assert why in refusal(signed(copy, lambda manifest: manifest.update(values)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda kernel: kernel.astype(np.float64) * 1e300, "the types float64 and float32"),
        (lambda kernel: kernel.astype(np.int64), "the types int64 and float32"),
        (lambda kernel: kernel + np.float32(3e38), "numbers greater than 1e+30"),
    ],
)
def test_heads_of_other_numbers_are_refused(copy: Path, change: Any, why: str) -> None:
    tensors = load_file(copy / "heads.safetensors")
    save_file(tensors | {"kernel": change(tensors["kernel"])}, copy / "heads.safetensors")
    assert why in refusal(signed(copy))


BOMB = (
    '<!DOCTYPE n [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><net name="&b;" version="11"/>'
)
ELSEWHERE = '<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/hostname">]><net name="&a;" version="11"/>'


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("backbone.xml", lambda content: content[: len(content) // 2]),
        ("backbone.xml", lambda _: b""),
        ("backbone.xml", lambda content: content.replace(b'"Convolution"', b'"Evil"')),
        ("backbone.xml", lambda _: BOMB.encode()),
        ("backbone.xml", lambda _: ELSEWHERE.encode()),
        ("backbone.bin", lambda content: content[: len(content) // 2]),
    ],
)
def test_a_network_that_cannot_run_is_refused(
    copy: Path, file: str, change: Callable[[bytes], bytes]
) -> None:
    (copy / file).write_bytes(change((copy / file).read_bytes()))
    assert "holds no network that OpenVINO can run on pictures of 256 pixels" in refusal(
        signed(copy)
    )


def test_a_network_of_another_dimension_is_refused(copy: Path) -> None:
    tensors = load_file(copy / "heads.safetensors")
    save_file(tensors | {"kernel": tensors["kernel"][:640].copy()}, copy / "heads.safetensors")
    told = refusal(signed(copy, lambda manifest: manifest.update(dimension=640)))
    assert "and the heads take 640 numbers a place" in told
