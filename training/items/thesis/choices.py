"""Text and image networks by the names that the command line gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers import Bundle
from training.errors import TrainingError
from training.fit.backbones import BACKBONES
from training.fit.frozen import Frozen, frozen, frozen_random
from training.items.films import Film
from training.items.learn import Material
from training.items.losses import LOSSES
from training.items.pictures import embed_posters
from training.items.split import Rows
from training.items.thesis import texts
from training.items.thesis.report import PictureMaker, TextMaker

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Files:
    """What is read instead of trained: word vectors, and a BERT's folder or name."""

    word_vectors: Path | None = None
    bert: str | None = None


def text_makers(
    chosen: Sequence[str], films: Sequence[Film], learn: Rows, files: Files
) -> dict[str, TextMaker]:
    """Text networks by name. Raises TrainingError for a name that there is not."""
    known: dict[str, TextMaker] = {
        "lsa": partial(texts.lsa, films, learn),
        "word2vec": partial(texts.word2vec, films, learn, files.word_vectors),
        "rnn": partial(texts.recurrent, films, learn, "rnn"),
        "lstm": partial(texts.recurrent, films, learn, "lstm"),
        "bert": partial(texts.bert, films, learn, files.bert),
    }
    for name in chosen:
        if name not in known:
            raise TrainingError(f"There is no text network {name!r}: choose of {', '.join(known)}.")
    if known[chosen[0]] in (known["rnn"], known["lstm"]):
        raise TrainingError("The first text network must not be one that is still to be learned.")
    return {name: known[name] for name in chosen}


def chosen_losses(chosen: str | None) -> tuple[str, ...]:
    """Losses by their comma-separated names; None: all. Raises TrainingError for another name."""
    named = tuple(LOSSES) if chosen is None else tuple(chosen.split(","))
    for name in named:
        if name not in LOSSES:
            raise TrainingError(f"There is no loss {name!r}: choose of {', '.join(LOSSES)}.")
    return named


def picture_makers(
    material: Material,
    classifier: Bundle,
    backbones: Sequence[str],
    weights: Path | None,
    cache: Path,
) -> dict[str, PictureMaker]:
    """The classifier's own embedding first, then networks of ``keras.applications``.

    With ``weights``, a folder, a network whose file is missing stays random, and its row says so;
    without, Keras downloads them. Raises TrainingError for a network that there is not.
    """
    for name in backbones:
        if name not in BACKBONES:
            raise TrainingError(f"There is no backbone {name!r}: choose of {', '.join(BACKBONES)}.")
    own = ([_zeros(p, classifier.dimension) for p in material.pictures], "")
    found: dict[str, PictureMaker] = {classifier.manifest.name: lambda: (np.stack(own[0]), own[1])}
    for name in backbones:
        found[name] = partial(_embedded, material.films, name, weights, cache)
    return found


def _embedded(
    films: Sequence[Film], name: str, weights: Path | None, cache: Path
) -> tuple[Floats, str]:
    network, said = _network(name, weights, cache)
    pictures = embed_posters([film.poster for film in films], network)
    return np.stack([_zeros(one, network.backbone.dimension) for one in pictures]), said


def _network(name: str, weights: Path | None, cache: Path) -> tuple[Frozen, str]:
    backbone = BACKBONES[name]
    if weights is None:
        return frozen(backbone, backbone.size, None, cache), "ImageNet weights"
    file = weights / f"{backbone.network.lower()}_notop.weights.h5"
    if file.is_file():
        return frozen(backbone, backbone.size, file, cache), "ImageNet weights"
    return frozen_random(backbone, backbone.size, 0, cache), "random weights: no file of them"


def _zeros(picture: Floats | None, dimension: int) -> Floats:
    return np.zeros(dimension, np.float32) if picture is None else picture
