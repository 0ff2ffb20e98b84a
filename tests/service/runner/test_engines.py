"""What the private engines cannot use is said in a sentence before they are started."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.runner.engines import start_postgres
from service.runner.errors import StartError


@pytest.mark.parametrize("name", ["한글 폴더", "a+b", "a,b", "100%", "it's"])
def test_a_path_that_postgresql_cannot_be_given_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartError, match=r"the path has the character .* Set TAGSIFT_DATA"):
        start_postgres(tmp_path / name / "postgres")
    assert not (tmp_path / name).exists()
