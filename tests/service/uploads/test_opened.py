"""The file of an upload, while the store goes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.imagestore import ImageStore
from service.uploads.opened import as_file
from service.waits import OutageError


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    made = ImageStore(str(tmp_path / "images"))
    made.put("uploads/a.mp4", b"a video")
    return made


def test_a_file_that_is_being_looked_at_stays_whole_when_the_store_goes_away(
    store: ImageStore, tmp_path: Path
) -> None:
    with as_file(store, "uploads/a.mp4", tmp_path / "copies") as path:
        (tmp_path / "images").rename(tmp_path / "elsewhere")
        assert path is not None
        assert path.read_bytes() == b"a video"


def test_a_store_that_is_away_is_an_outage_and_no_erased_file(
    store: ImageStore, tmp_path: Path
) -> None:
    with as_file(store, "uploads/b.mp4", tmp_path / "copies") as path:
        assert path is None
    (tmp_path / "images").rename(tmp_path / "elsewhere")
    with pytest.raises(OutageError), as_file(store, "uploads/a.mp4", tmp_path / "copies"):
        pass
    (tmp_path / "images").write_bytes(b"no folder")
    with pytest.raises(OutageError), as_file(store, "uploads/a.mp4", tmp_path / "copies"):
        pass
