"""Copies of photographs, kept whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from service.imagestore import ImageStore, key_prefix, new_key


def write(store: ImageStore, whole: list[bytes]) -> None:
    for turn in range(60):
        store.put("x.jpg", whole[turn % 2])


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ImageStore:
    """A folder, and fsspec's bucket-like file system, where an object is replaced as a whole."""
    return ImageStore(str(tmp_path / "images") if request.param == "folder" else "memory://images")


def test_what_is_put_is_there_until_it_is_deleted(store: ImageStore) -> None:
    store.put("ab/1.jpg", b"one")
    store.put("ab/1.jpg", b"two")
    assert store.get("ab/1.jpg") == b"two"
    store.delete(["ab/1.jpg", "ab/never.jpg"])
    assert store.get("ab/1.jpg") is None


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    store = ImageStore(str(tmp_path))
    whole = [bytes([letter]) * 200_000 for letter in b"ab"]
    store.put("x.jpg", whole[0])
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(write, store, whole)
        while not writing.done():
            assert store.get("x.jpg") in whole
    assert sorted(file.name for file in tmp_path.rglob("*")) == [".drafts", "x.jpg"]


def test_what_cannot_be_kept_leaves_no_draft(tmp_path: Path) -> None:
    store = ImageStore(str(tmp_path))
    (tmp_path / "x.jpg").mkdir()  # nothing can be put in its place
    with pytest.raises(OSError, match=r"x\.jpg"):
        store.put("x.jpg", b"one")
    assert list((tmp_path / ".drafts").iterdir()) == []


def test_what_killed_processes_began_to_write_is_forgotten(tmp_path: Path) -> None:
    store = ImageStore(str(tmp_path))
    store.put("x.jpg", b"one")
    old, new = tmp_path / ".drafts" / "old", tmp_path / ".drafts" / "new"
    for draft in (old, new):
        draft.write_bytes(b"half")
    an_hour_ago = time.time() - 3601
    os.utime(old, (an_hour_ago, an_hour_ago))
    assert store.delete_drafts(timedelta(hours=1)) == 1
    assert (old.exists(), new.exists(), store.get("x.jpg")) == (False, True, b"one")


def test_a_store_that_is_away_has_forgotten_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    store = ImageStore(str(folder))
    store.put("x.jpg", b"one")
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"x\.jpg"):
        store.delete(["x.jpg"])
    (tmp_path / "elsewhere").rename(folder)
    assert store.get("x.jpg") == b"one"


def test_each_copy_has_a_place_of_its_own_that_tells_its_photograph() -> None:
    keys = {new_key(258) for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith(key_prefix(258)) and key.endswith(".jpg") for key in keys)
    assert not new_key(2581).startswith(key_prefix(258))


def test_a_file_in_pieces_is_seen_whole_or_not_at_all(tmp_path: Path) -> None:
    store = ImageStore(str(tmp_path))
    store.put_pieces("a/b/x", iter([b"one", b"two"]))
    assert (store.get("a/b/x"), store.size("a/b/x"), store.size("a")) == (b"onetwo", 6, None)
    assert store.start("a/b/x", 4) == b"onet"

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("the sender is gone")

    with pytest.raises(ValueError, match="sender"):
        store.put_pieces("a/b/x", broken())
    assert store.get("a/b/x") == b"onetwo"
    assert list((tmp_path / ".drafts").iterdir()) == []


def test_files_are_copied_and_handed_out_by_the_store(tmp_path: Path) -> None:
    store = ImageStore(str(tmp_path / "images"))
    store.put("x", b"one")
    store.copy("x", "y")
    assert store.get("y") == b"one"
    assert store.local_path("y") == tmp_path / "images" / "y"
    assert store.download("y", str(tmp_path / "z"))
    assert (tmp_path / "z").read_bytes() == b"one"
    assert not store.download("gone", str(tmp_path / "z"))
    assert not store.takes_signed


def test_a_file_that_is_not_there_is_told_from_a_store_that_is_not(tmp_path: Path) -> None:
    store = ImageStore(str(tmp_path / "images"))
    with pytest.raises(FileNotFoundError, match="images"):
        store.check_there()
    store.put("x", b"one")
    assert (store.get("y"), store.size("y")) == (None, None)
    store.check_there()
