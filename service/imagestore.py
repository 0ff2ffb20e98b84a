"""Where files are kept, in a folder or a bucket: the copies of photographs that moderators see, and
uploads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

DRAFTS = ".drafts"  # of a folder: files that are not whole yet
BUCKETS = ("s3", "s3a")  # whose servers take files by a pre-signed URL
ASKED = {
    # Version 4 signs length and type, too; checksums would have to be known before the file is.
    "signature_version": "s3v4",
    "request_checksum_calculation": "when_required",
    "retries": {"total_max_attempts": 2},  # s3fs tries again, too
}


class ImageStore:
    """Files by key behind any fsspec URL."""

    def __init__(self, url: str) -> None:
        self._is_bucket = url.partition("://")[0] in BUCKETS
        options = {"config_kwargs": ASKED} if self._is_bucket else {}
        self._files, self._root = fsspec.core.url_to_fs(url, **options)
        self._is_local = isinstance(self._files, LocalFileSystem)

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key, replacing what is there; a reader never sees half of them.

        Raises:
            OSError: the store is away or full; nothing of the bytes is left in a folder.
        """
        if self._is_local:
            self.put_pieces(key, [data])
            return
        path = self._path(key)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._files.pipe_file(path, data)  # a bucket shows an object only when it is whole

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        """Keep a file under a key, as ``put``, with no more than a few pieces of it in memory.

        Raises:
            Exception: what ``pieces`` raises, and then nothing of them is left in a folder. What is
                left in a bucket is the caller's to erase.
            OSError: the store is away or full.
        """
        path = self._path(key)
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
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
        """The bytes under a key, or None where there are none."""
        try:
            data: bytes = self._files.cat_file(self._path(key))
        except FileNotFoundError:
            return None
        return data

    def size(self, key: str) -> int | None:
        """How many bytes lie under a key; None: there are none."""
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
        """The bytes under a key from one to before another, or None where there is no such file."""
        try:
            data: bytes = self._files.cat_file(self._path(key), start=start, end=stop)
        except FileNotFoundError:
            return None
        return data

    def copy(self, key: str, to: str) -> None:
        """Let the store copy a file, which does not come here for that.

        Raises:
            FileNotFoundError: there is none.
        """
        self._files.cp_file(self._path(key), self._path(to))

    def local_path(self, key: str) -> Path | None:
        """The file of a key, whether it is there or not; None: the store is no folder."""
        return Path(self._path(key)) if self._is_local else None

    def download(self, key: str, to: str) -> bool:
        """Copy a file to this machine, piece by piece; False: there is none."""
        try:
            self._files.get_file(self._path(key), to)
        except FileNotFoundError:
            return False
        return True

    def check_there(self) -> None:
        """Tell a file that is not there from a store that is not.

        Raises:
            FileNotFoundError: the folder is not mounted. A bucket that is away has its own errors.
        """
        if self._is_unmounted():
            raise FileNotFoundError(f"{self._root} is not there.")

    @property
    def takes_signed(self) -> bool:
        """Whether the store takes files from whoever has a URL that ``presigned`` made."""
        return self._is_bucket

    def presigned(self, key: str, seconds: int, size: int, content_type: str) -> str:
        """A URL to ``PUT`` one file of this size and content type under a key, in so many seconds.

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
        """Forget keys; one that is not there is forgotten already.

        Raises:
            OSError: the store is away. A folder that is not there may be mounted again later, with
                the files in it.
        """
        for key in keys:
            try:
                self._files.rm_file(self._path(key))
            except FileNotFoundError:
                if self._is_unmounted():
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

    def _is_unmounted(self) -> bool:
        return self._is_local and not Path(self._root).is_dir()

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


def key_prefix(image_id: int) -> str:
    """What the keys of all copies of one photograph begin with, and of no other's."""
    return f"{image_id % 256:02x}/{image_id}-"


def new_key(image_id: int) -> str:
    """A place for a copy of one photograph that nobody else writes to: whatever becomes of another
    try, its erasure cannot take this one."""
    return f"{key_prefix(image_id)}{uuid.uuid4().hex}.jpg"


def video_prefix(video_id: int) -> str:
    """What the keys of a video's file and of all copies of its frames begin with, and no others."""
    return f"videos/{video_id % 256:02x}/{video_id}-"


def new_video_key(video_id: int, ending: str) -> str:
    """A place for a video's file, or for the copy of a frame, that nobody else writes to."""
    return f"{video_prefix(video_id)}{uuid.uuid4().hex}.{ending}"
