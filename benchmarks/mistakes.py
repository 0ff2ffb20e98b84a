"""Mistakes of whoever asks for a measurement, told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from classifiers import BundleError
from items import ItemBundleError
from thumbnails import ThumbnailBundleError
from training.errors import TrainingError, of_file


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Ends the program with the sentence of what was given wrongly, and not with a traceback."""
    try:
        yield
    except (TrainingError, BundleError, ItemBundleError, ThumbnailBundleError) as error:
        raise SystemExit(str(error)) from None
    except OSError as error:
        raise SystemExit(of_file(error)) from None
