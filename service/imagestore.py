"""The image store, a folder or a bucket: copies of photographs for moderators, and uploads."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

DRAFTS = ".drafts"  # of a folder: files that are not whole yet
BUCKETS = ("s3", "s3a")  # whose servers take files by a pre-signed URL
ASKED: dict[str, Any] = {
    # Version 4 signs length and type, too; checksums would have to be known before the file is.
    "signature_version": "s3v4",
    "request_checksum_calculation": "when_required",
    "retries": {"total_max_attempts": 1},  # s3fs tries again
    # A bucket that takes connections and says nothing must not hold the threads of web processes:
    # these are for a connection, and for the next bytes of an answer.
    "connect_timeout": 2,
    "read_timeout": 7,
}
TRIES = 2  # s3fs itself would try five times


class ImageStore:
    """Files by key at any fsspec URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._is_bucket = url.partition("://")[0] in BUCKETS
        self._opened, self._root = self._open()
        self._opened_by = os.getpid()
        self._is_local = isinstance(self._opened, LocalFileSystem)

    def _open(self) -> tuple[Any, str]:
        options = {"config_kwargs": ASKED, "session": _session()} if self._is_bucket else {}
        files, root = fsspec.core.url_to_fs(self._url, **options)
        if self._is_bucket:
            files.retries = TRIES
        return files, root

    @property
    def _files(self) -> Any:
        """The files as fsspec sees them: after a fork anew, which a bucket's connections do not
        survive. A worker's processes are forked from the one that makes the store."""
        if self._opened_by != os.getpid():
            self._opened, _ = self._open()
            self._opened_by = os.getpid()
        return self._opened

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key, replacing what is there; a reader never sees a partial file.

        Raises:
            OSError: the store is unavailable or full; no partial file is left in a folder.
        """
        if self._is_local:
            self.put_pieces(key, [data])
            return
        path = self._path(key)
        self._make_folder_of(path)
        self._files.pipe_file(path, data)  # a bucket shows an object only when it is whole

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        """Store a file under a key like ``put``, with only a few pieces of it in memory.

        Raises:
            Exception: what ``pieces`` raises; no partial file is left in a folder then. In a bucket
                the caller must erase what is left.
            OSError: the store is away or full.
        """
        path = self._path(key)
        self._make_folder_of(path)
        if not self._is_local:
            with self._files.open(path, "wb") as file:
                file.writelines(pieces)
            return
        drafts = Path(self._root, DRAFTS)
        drafts.mkdir(exist_ok=True)
        draft = drafts / uuid.uuid4().hex
        try:
            with draft.open("wb") as file:
                file.writelines(pieces)
            draft.replace(path)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes | None:
        """The bytes under a key, or None if there is no such file."""
        try:
            data: bytes = self._files.cat_file(self._path(key))
        except FileNotFoundError:
            return None
        return data

    def size(self, key: str) -> int | None:
        """The size in bytes of the file under a key; None if there is none."""
        try:
            info = self._files.info(self._path(key))
        except FileNotFoundError:
            return None
        return int(info["size"]) if info["type"] == "file" else None

    def start(self, key: str, most_bytes: int) -> bytes:
        """The first bytes under a key.

        Raises:
            FileNotFoundError: there are none.
        """
        data: bytes = self._files.cat_file(self._path(key), start=0, end=most_bytes)
        return data

    def piece(self, key: str, start: int, stop: int) -> bytes | None:
        """The bytes under a key in a half-open range, or None if there is no such file."""
        try:
            data: bytes = self._files.cat_file(self._path(key), start=start, end=stop)
        except FileNotFoundError:
            return None
        return data

    def copy(self, key: str, to: str) -> None:
        """Copy a file within the store, without transferring it here.

        Raises:
            FileNotFoundError: there is none.
        """
        self._files.cp_file(self._path(key), self._path(to))

    def local_path(self, key: str) -> Path | None:
        """The path of a key's file, whether it exists or not; None if the store is not a folder."""
        return Path(self._path(key)) if self._is_local else None

    def download(self, key: str, to: str) -> bool:
        """Copy a file to this machine piece by piece; False if there is none."""
        try:
            self._files.get_file(self._path(key), to)
        except FileNotFoundError:
            return False
        return True

    def check_there(self) -> None:
        """Tell a missing file from a missing store.

        Raises:
            FileNotFoundError: the folder is not mounted. A bucket that is away has its own errors.
        """
        if self._is_unmounted():
            raise FileNotFoundError(f"{self._root} is not there.")

    @property
    def takes_signed(self) -> bool:
        """Whether the store accepts uploads to a URL that ``presigned`` made."""
        return self._is_bucket

    def presigned(self, key: str, seconds: int, size: int, content_type: str) -> str:
        """A URL that accepts a ``PUT`` of one file of this size and content type for some seconds.

        https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html: the length and
        the type are signed headers.
        """
        url: str = self._files.url(
            self._path(key),
            expires=seconds,
            client_method="put_object",
            ContentLength=size,
            ContentType=content_type,
        )
        return url

    def delete(self, keys: Iterable[str]) -> None:
        """Delete files; a key without a file counts as deleted.

        Raises:
            OSError: the store is unavailable. A missing folder may be mounted again later, with the
                files in it.
        """
        for key in keys:
            try:
                self._files.rm_file(self._path(key))
            except FileNotFoundError:
                if self._is_unmounted():
                    raise

    def delete_drafts(self, older_than: timedelta) -> int:
        """Delete partial files that killed processes left.

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

    def _make_folder_of(self, path: str) -> None:
        if not self._is_bucket:  # which has no folders: s3fs would ask whether the bucket is there
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)

    def _is_unmounted(self) -> bool:
        return self._is_local and not Path(self._root).is_dir()

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


def _session() -> Any:
    """What connects to buckets. It sends a file at once: for the permission to go on (``Expect:
    100-continue``) a silent bucket would be waited for without end."""
    from aiobotocore.session import AioSession
    from botocore.handlers import add_expect_header

    session = AioSession()
    session.unregister("before-call.s3", add_expect_header)
    return session


def key_prefix(image_id: int) -> str:
    """The prefix of the keys of all copies of one photograph, and of no others."""
    return f"{image_id % 256:02x}/{image_id}-"


def new_key(image_id: int) -> str:
    """A new key for a copy of one photograph. No other attempt writes to it, so the erasure of
    another attempt's copy cannot delete this one.
    """
    return f"{key_prefix(image_id)}{uuid.uuid4().hex}.jpg"


def video_prefix(video_id: int) -> str:
    """The prefix of the keys of a video's file and of all copies of its frames, and of no
    others.
    """
    return f"videos/{video_id % 256:02x}/{video_id}-"


def new_video_key(video_id: int, ending: str) -> str:
    """A new key for a video's file or for a copy of a frame, which nobody else writes to."""
    return f"{video_prefix(video_id)}{uuid.uuid4().hex}.{ending}"
