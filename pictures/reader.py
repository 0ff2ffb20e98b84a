"""Text on photographs, read in a sandboxed process."""

from __future__ import annotations

from sandbox import Sandbox, SandboxError

SPARE_SECONDS = 5.0  # after which the process is killed that should have ended the program


class ReadError(Exception):
    """A photograph that was not read; the text says why. It tells nothing of the photograph."""


class Reader:
    """Reads photographs with Tesseract, one at a time. Threads may share it.

    Args:
        program: Tesseract's path.
        languages: as it takes them, ``kor+eng`` say.
        memory: bytes that reading one photograph may take.
    """

    def __init__(self, program: str, languages: str, memory: int) -> None:
        self._program = program
        self._languages = languages
        self._sandbox = Sandbox("pictures.read:read", 1, memory)

    def read(self, jpeg: bytes, seconds: float) -> str:
        """The text on a photograph, line by line; empty where there is none.

        Args:
            jpeg: the copy that is shown (``Rendered.jpeg``), never a stranger's file.
            seconds: so long it may take.

        Raises:
            ReadError: it could not be read, for whatever reason.
        """
        options = {"program": self._program, "languages": self._languages, "seconds": seconds}
        try:
            found, parts = self._sandbox.call(options, jpeg, seconds + SPARE_SECONDS)
        except SandboxError as error:
            raise ReadError(type(error).__name__) from error
        if "error" in found:
            raise ReadError(found["error"])
        return parts[0].decode("utf-8", "replace")

    def close(self) -> None:
        """End the child."""
        self._sandbox.close()
