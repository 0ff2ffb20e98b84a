"""A machine that computes a bundle otherwise than it was measured refuses it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from classifiers import Bundle, BundleError, Classifier
from classifiers.canary import TOLERANCE, differs, picture

# What oneDNN inside OpenVINO is told to use at most: AVX2 and AVX-512 without VNNI multiply eight
# bits in sixteen, with VNNI in thirty-two.
INSTRUCTIONS = ("AVX2", "AVX512_CORE", "AVX512_CORE_VNNI")


def run(bundle: Path, code: str, instructions: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, str(bundle)],
        env={**os.environ, "ONEDNN_MAX_CPU_ISA": instructions},
        capture_output=True,
        text=True,
        check=False,
    )


EMBEDDING = """
import hashlib, sys
from pathlib import Path
from PIL import Image
from classifiers import Bundle, Classifier
from classifiers.canary import picture
classifier = Classifier(Bundle.load(Path(sys.argv[1])), threads=1)
found = classifier.predict([Image.fromarray(picture(300))])
print(hashlib.sha256(found[0].embedding.tobytes()).hexdigest())
"""


@pytest.fixture
def copy(starter: Bundle, tmp_path: Path) -> Path:
    shutil.copytree(starter.path, tmp_path / "bundle")
    return tmp_path / "bundle"


def test_the_picture_is_the_same_everywhere() -> None:
    assert picture(256).shape == (256, 256, 3)
    assert picture(256).dtype == np.uint8
    assert int(picture(256).sum(dtype=np.int64)) == 25_037_092


def test_the_starter_computes_in_integers_and_names_its_canary(starter: Bundle) -> None:
    assert starter.manifest.precision == "int8"
    assert len(starter.manifest.canary) == len(starter.labels)


@pytest.mark.slow  # processes
def test_one_photograph_gets_the_same_numbers_with_every_instruction_set(starter: Bundle) -> None:
    """Bit for bit; on a processor without AVX-512 the three are one. Three processes, 2 s each."""
    found = [run(starter.path, EMBEDDING, instructions) for instructions in INSTRUCTIONS]
    assert [one.returncode for one in found] == [0, 0, 0], found[0].stderr
    assert len({one.stdout for one in found}) == 1


@pytest.mark.slow  # a process
def test_other_arithmetic_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["canary"][0] += 2 * TOLERANCE
    (copy / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(BundleError, match="computes the network otherwise"):
        Classifier(Bundle.load(copy), threads=1)
    done = subprocess.run(
        [sys.executable, "-m", "classifiers", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "computes the network otherwise" in done.stderr


def test_rounding_is_no_difference() -> None:
    assert not differs([1.0, -3.0], [1.0 + TOLERANCE / 2, -3.0])
    assert differs([1.0, -3.0], [1.0 + 2 * TOLERANCE, -3.0])
    assert differs([1.0], [1.0, 2.0])
