"""What is live in one process, swapped when another version becomes live."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from threading import RLock
from typing import Generic, TypeVar

import structlog

from classifiers import BundleError
from items import ItemBundleError
from rules import RulesetError

RETRY_SECONDS = 5.0
REFUSED = (BundleError, ItemBundleError, RulesetError)

Version = TypeVar("Version")
Made = TypeVar("Made")


class LiveReload(ABC, Generic[Version, Made]):
    """Holds what is made of the live version. Threads may share it."""

    def __init__(self) -> None:
        self._changing = RLock()
        self._made: tuple[Version, Made] | None = None
        self._refused: tuple[Version, float] | None = None

    def current(self) -> Made:
        """What is live, loaded and checked; one small query when nothing changed.

        A version that cannot be used here (a file that has not arrived on this machine, say) leaves
        the one before in use, is logged, and is tried again after a while.

        Raises:
            Exception: one of ``REFUSED``: nothing could be used since the process began.
        """
        made, version = self._made, self._live()
        if made is not None and made[0] == version:
            return made[1]
        with self._changing:
            # Asked again: another thread may have changed to a newer version meanwhile, and this
            # one must not go back to what it was told before.
            version = self._live()
            if self._made is None:
                self._made = version, self._make(version)
            elif self._made[0] != version and not self._just_refused(version):
                self._change(self._made[1], version)
            return self._made[1]

    @abstractmethod
    def _live(self) -> Version:
        """The live version, from the database."""

    @abstractmethod
    def _make(self, version: Version) -> Made:
        """Load it. Raises one of ``REFUSED``."""

    @abstractmethod
    def _take_over(self, before: Made, made: Made) -> None:
        """Check that this process can go on with it. Raises one of ``REFUSED``."""

    @abstractmethod
    def _told(self, made: Made) -> Mapping[str, str]:
        """What the log says of it."""

    def _change(self, before: Made, version: Version) -> None:
        try:
            made = self._make(version)
            self._take_over(before, made)
            self._made = version, made
        except REFUSED as error:
            self._refused = version, time.monotonic()
            structlog.get_logger().error("live_version_refused", error=str(error))
            return
        was = {f"{name}_before": value for name, value in self._told(before).items()}
        structlog.get_logger().info("live_version_changed", **self._told(made), **was)

    def _just_refused(self, version: Version) -> bool:
        if self._refused is None or self._refused[0] != version:
            return False
        return time.monotonic() - self._refused[1] < RETRY_SECONDS
