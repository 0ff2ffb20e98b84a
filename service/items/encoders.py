"""The live item bundle of one process, swapped when another becomes live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import structlog

from items import Item, ItemBundle, ItemBundleError, ItemEncoder
from service.config import Config
from service.database import Sessions
from service.live_reload import LiveReload
from service.live_versions import Kind, live_version
from similarity.duplicates import Floats

THREADS = 1  # an item takes half a millisecond; the other cores are the photographs'


class Encoding:
    """An item bundle, whose network is made ready when it is first needed: a process that asks
    only whose vectors are live needs none. Threads may share it."""

    def __init__(self, bundle: ItemBundle) -> None:
        self.bundle = bundle

    @property
    def vector_id(self) -> str:
        """What makes the vectors: different ones never mix."""
        return self.bundle.manifest.vector_id

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self.bundle.manifest.dimension

    @property
    def pictures_by(self) -> str:
        """The network whose embeddings of pictures it takes."""
        return self.bundle.manifest.pictures_by

    @cached_property
    def encoder(self) -> ItemEncoder:
        """The network behind it. Raises ItemBundleError where it cannot be computed here."""
        return ItemEncoder(self.bundle, THREADS)

    @property
    def used(self) -> bool:
        """Whether the network was needed in this process."""
        return "encoder" in vars(self)

    def vectors(self, items: Sequence[Item]) -> list[Floats | None]:
        """float32 [dimension] of norm 1 each; None of an item of which it knows nothing."""
        found = self.encoder.vectors(items)
        return [vector if vector.any() else None for vector in found]


class Encoders(LiveReload[str | None, Encoding]):
    """Holds the item bundle that is live. Threads may share it."""

    def __init__(self, config: Config, sessions: Sessions) -> None:
        super().__init__()
        self._config = config
        self._sessions = sessions

    def usable(self) -> Encoding | None:
        """The same as ``current``; None where nothing can be used, which the log tells."""
        try:
            return self.current()
        except ItemBundleError as error:
            structlog.get_logger().error("item_bundle_refused", error=str(error))
            return None

    def _live(self) -> str | None:
        with self._sessions() as session:
            return live_version(session, Kind.ITEMS)

    def _make(self, version: str | None) -> Encoding:
        folder = Path(version) if version else self._config.item_bundle
        return Encoding(ItemBundle.load(folder))

    def _take_over(self, before: Encoding, made: Encoding) -> None:
        if before.used:  # it must compute here as it did where it was made
            _ = made.encoder

    def _told(self, made: Encoding) -> Mapping[str, str]:
        return {"item_bundle": made.bundle.id}
