"""A queue of bytes in an unnamed file, which disappears with its process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

PIECE_BYTES = 256 * 2**10


class Spool:
    """A queue of bytes on disk: what was put in comes out in the same order, in other pieces.

    Raises:
        OSError: from any method; the disk is full or gone.
    """

    def __init__(self, folder: Path, pieces: Iterable[bytes]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  # closed by ``clear``
        self._taken = self._length = 0
        for piece in pieces:
            self.append(piece)

    def append(self, piece: bytes) -> None:
        """Put bytes in, at the end."""
        self._file.seek(self._length)
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
        self._length += len(piece)

    def popleft(self) -> bytes:
        """Take the next bytes out."""
        self._file.seek(self._taken)
        piece = self._file.read(PIECE_BYTES)
        self._taken += len(piece)
        return piece

    def clear(self) -> None:
        """Give the disk's room back; nothing is put in or taken out any more."""
        self._taken = self._length = 0
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        while self:
            yield self.popleft()

    def __bool__(self) -> bool:
        return self._taken < self._length
