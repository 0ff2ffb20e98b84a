"""A run that could not be written at its end does not begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.errors import TrainingError
from training.runs.settings import Settings


@pytest.mark.parametrize("name", ["", "..", "../mine", ".mine", "a/b", "x" * 65])
def test_a_name_that_no_bundle_may_have_is_told_before_the_training(name: str) -> None:
    with pytest.raises(TrainingError, match="cannot be called"):
        Settings((Path("data"),), Path("out"), name=name)


def test_a_name_may_be_in_any_language() -> None:
    assert Settings((Path("data"),), Path("out"), name="라떼 1.0").name == "라떼 1.0"
