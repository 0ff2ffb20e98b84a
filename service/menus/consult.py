"""Ask the reader about hashtags of food that the rules find irrelevant."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from threading import Lock

import structlog
from PIL.Image import Image

from pictures.reader import Reader, ReadError
from rules import Judgement, asks_for_menu, read_menu, vocabulary, with_menus
from service.config import Config
from service.menus.lettering import is_lettered
from service.operations.metrics import MENUS
from service.screen import Screen
from similarity.hashes import grey

MOST_READ = 2  # photographs and frames of one post
MOST_MEMORY = 512 * 2**20  # for one photograph; Tesseract takes 60 MB


@dataclass(frozen=True)
class Photograph:
    """A photograph or a frame of a video: small pixels to look at, and the JPEG that is kept."""

    image: Image
    jpeg: bytes


class Reading:
    """Reads menus for the posts of one batch, for no longer than ``seconds`` in all."""

    def __init__(self, config: Config, current: Screen, seconds: float) -> None:
        self._config = config
        self._current = current
        self._left = seconds

    def consult(self, judgement: Judgement, photographs: Sequence[Photograph]) -> Judgement:
        """The judgement with hashtags that a menu on the photographs bears out.

        Of those that look lettered the first are read, so the best come first.
        A reader that fails, or has no time left, leaves the judgement as it is.
        """
        if not self._config.reader:
            return judgement
        asked = {
            position: category
            for position, verdict in enumerate(judgement.verdicts)
            if (category := asks_for_menu(verdict, self._config.menu_categories))
        }
        if not asked:
            return judgement
        lettered = (one for one in photographs if is_lettered(grey(one.image)))
        first = list(islice(lettered, MOST_READ))
        if not first:
            return judgement
        known = vocabulary(self._current.ruleset.lexicon, self._config.menu_categories)
        text = "\n".join(self._text(one) for one in first)
        menus = {n: read_menu(text, known, category) for n, category in asked.items()}
        borne_out = any(menu.bears_out for menu in menus.values())
        MENUS.labels("menu" if borne_out else "no_menu").inc()
        return with_menus(judgement, menus) if borne_out else judgement

    def _text(self, photograph: Photograph) -> str:
        seconds = min(self._config.reader_seconds, self._left)
        began = time.monotonic()
        try:
            if seconds <= 0:
                raise ReadError("The batch's time for reading is over.")
            return _reader_for(self._config).read(photograph.jpeg, seconds)
        except ReadError as error:
            MENUS.labels("not_read").inc()
            structlog.get_logger().warning("menu_not_read", error=str(error))
            return ""
        finally:
            self._left -= time.monotonic() - began


_one_at_a_time = Lock()


def _reader_for(config: Config) -> Reader:
    with _one_at_a_time:
        return _reader(config.reader, config.reader_languages)


@cache
def _reader(program: str, languages: str) -> Reader:
    """One for each process."""
    return Reader(program, languages, MOST_MEMORY)
