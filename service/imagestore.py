"""Where the copies of photographs are kept that moderators see: a folder or a bucket."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

DRAFTS = ".drafts"  # of a folder: files that are not whole yet


class ImageStore:
    """Files by key behind any fsspec URL."""

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)
        self._is_local = isinstance(self._files, LocalFileSystem)

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, replacing what is there; a reader never sees half of them.

        Raises:
            OSError: the store is away or full; nothing of the bytes is left in a folder.
        """
        path = self._path(key)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        if not self._is_local:  # a bucket shows an object only when it is whole
            self._files.pipe_file(path, data)
            return
        drafts = Path(self._root, DRAFTS)
        drafts.mkdir(exist_ok=True)
        draft = drafts / uuid.uuid4().hex
        try:
            draft.write_bytes(data)
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None where there are none."""
        try:
            data: bytes = self._files.cat_file(self._path(key))
        except FileNotFoundError:
            return None
        return data

    def delete(self, keys: Iterable[str]) -> None:
        """Forget keys; one that is not there is forgotten already.

        Raises:
            OSError: the store is away. A folder that is not there may be mounted again later, with
                the files in it.
        """
        for key in keys:
            try:
                self._files.rm_file(self._path(key))
            except FileNotFoundError:
                if self._is_local and not Path(self._root).is_dir():
                    raise

    def delete_drafts(self, older_than: timedelta) -> int:
        """Forget what killed processes began to write.

        Returns:
            how many files there were.
        """
        if not self._is_local:
            return 0
        before = (datetime.now(UTC) - older_than).timestamp()
        found = 0
        for draft in Path(self._root, DRAFTS).glob("*"):
            with suppress(FileNotFoundError):  # it was finished, or deleted by another
                if draft.stat().st_mtime < before:
                    draft.unlink()
                    found += 1
        return found

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


def key_prefix(image_id: int) -> str:
    """What the keys of all copies of one photograph begin with, and of no other's."""
    return f"{image_id % 256:02x}/{image_id}-"


def new_key(image_id: int) -> str:
    """A place for a copy of one photograph that nobody else writes to: whatever becomes of another
    try, its erasure cannot take this one."""
    return f"{key_prefix(image_id)}{uuid.uuid4().hex}.jpg"
