"""Where the copies of photographs are kept that moderators see: a folder or a bucket."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import fsspec
from fsspec.implementations.local import LocalFileSystem


class ImageStore:
    """Files by key behind any fsspec URL."""

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)
        self._is_local = isinstance(self._files, LocalFileSystem)

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, replacing what is there; a reader never sees half of them."""
        path = self._path(key)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        # A bucket shows an object only when it is whole; a folder needs a rename for that.
        draft = f"{path}.{uuid.uuid4().hex}" if self._is_local else path
        self._files.pipe_file(draft, data)
        if self._is_local:
            self._files.mv(draft, path)

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None where there are none."""
        try:
            data: bytes = self._files.cat_file(self._path(key))
        except FileNotFoundError:
            return None
        return data

    def delete(self, keys: Iterable[str]) -> None:
        """Forget keys; one that is not there is forgotten already."""
        for key in keys:
            try:
                self._files.rm_file(self._path(key))
            except FileNotFoundError:
                continue

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


def derivative_key(image_id: int) -> str:
    """Where the copy of one photograph lies, known before there is one: a second try writes to the
    same place, and a deletion finds what a killed worker left."""
    return f"{image_id % 256:02x}/{image_id}.jpg"
