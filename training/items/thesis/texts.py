"""Text networks: a film's title and first text to numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import NDArray

from items.words import words
from training.errors import TrainingError
from training.items.films import Film
from training.items.split import Rows
from training.items.textside import fit_text_side

Floats = NDArray[np.float32]

WORD_VECTOR = 300
# Padded or cut to this many words; a plot of the films at hand has 50.
LONGEST = 100
CELLS, OUT = 20, 768
RAREST = 2


@dataclass(frozen=True)
class Texts:
    """``numbers`` float32 [n, d] of all films. What the text network still learns is ``front``.

    ``front`` takes the part of the input that holds ``numbers``, a Keras tensor, and gives
    [n, 768]; None where the numbers are used as they are. ``note`` is said in the table.
    """

    numbers: Floats
    front: Callable[[Any], Any] | None = None
    note: str = ""


def written(film: Film) -> str:
    """What is read of a film."""
    return "\n".join([film.title, *film.texts[:1]])


def lsa(films: Sequence[Film], learn: Rows) -> Texts:
    """Latent semantic analysis, as in the bundle that ships."""
    side = fit_text_side([films[row] for row in learn], 192)
    return Texts(side.vectors([written(film) for film in films]))


def word2vec(films: Sequence[Film], learn: Rows, file: Path | None = None) -> Texts:
    """The mean of a text's word vectors (Mikolov et al. 2013).

    Trained on the texts at hand, or read from ``file`` in the format of word2vec. Raises
    TrainingError where the file cannot be read.
    """
    if file is None:
        said = [
            words(f"{film.title} {text}")
            for row in learn
            for film in [films[row]]
            for text in film.texts
        ]
        model = Word2Vec(
            said, vector_size=WORD_VECTOR, min_count=RAREST, sg=1, epochs=20, workers=1, seed=1
        )
        vectors, note = model.wv, "trained on these texts"
    else:
        try:
            vectors = KeyedVectors.load_word2vec_format(str(file), binary=file.suffix == ".bin")
        except (OSError, ValueError, UnicodeDecodeError) as error:
            raise TrainingError(f"{file} holds no word vectors: {error}.") from error
        note = file.name
    found = np.zeros((len(films), vectors.vector_size), np.float32)
    for row, film in enumerate(films):
        known = [word for word in words(written(film)) if word in vectors]
        if known:
            found[row] = vectors[known].mean(axis=0)
    centred = found - found[learn].mean(axis=0)
    return Texts(_unit(np.asarray(centred, np.float32)), note=note)


def recurrent(films: Sequence[Film], learn: Rows, kind: str) -> Texts:
    """Word ids, padded with zeros, through 20 cells of an RNN or LSTM (tanh), to 768 numbers.

    It learns together with the text–image network. ``kind`` is "rnn" or "lstm".
    """
    counts: dict[str, int] = {}
    for row in learn:
        for word in words(written(films[row])):
            counts[word] = counts.get(word, 0) + 1
    kept = sorted(word for word, count in counts.items() if count >= RAREST)
    ids = {word: number for number, word in enumerate(kept, 1)}
    numbers = np.zeros((len(films), LONGEST), np.float32)
    for row, film in enumerate(films):
        told = [ids[word] for word in words(written(film)) if word in ids][:LONGEST]
        numbers[row, : len(told)] = told
    return Texts(numbers, _front(kind, len(ids) + 1), "learned with the network")


def bert(films: Sequence[Film], learn: Rows, where: str | None) -> Texts:
    """The mean of BERT's last hidden states.

    ``where`` is a folder, or a name that Hugging Face knows; None trains a small one on the films
    to learn from. Raises TrainingError where it cannot be had.
    """
    from training.items.thesis import bert as berts
    from training.items.thesis.masked import train_small

    if where is None:
        said = [f"{films[row].title}. {text}" for row in learn for text in films[row].texts]
        model, tokenizer = train_small(said)
        note = "small, trained here by masked words"
    else:
        model, tokenizer, _ = berts.read(_folder(where))
        note = where
    return Texts(berts.vectors(model, tokenizer, [written(film) for film in films]), note=note)


def _folder(where: str) -> Path:
    if Path(where).is_dir():
        return Path(where)
    from huggingface_hub import snapshot_download

    wanted = ["config.json", "model.safetensors", "vocab.txt", "tokenizer*.json"]
    try:
        return Path(snapshot_download(where, allow_patterns=wanted))
    except Exception as error:  # it passes on whatever the connection raised
        raise TrainingError(
            f"{where} is no folder and could not be downloaded: name a folder with --bert."
        ) from error


def _front(kind: str, count: int) -> Callable[[Any], Any]:
    def front(ids: Any) -> Any:
        import keras

        layers = keras.layers
        cell = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM}[kind]
        # With the padding not masked, the last words would be forgotten over the zeros after them.
        found = layers.Embedding(count, 64, mask_zero=True)(ids)
        return layers.Dense(OUT, activation="tanh")(cell(CELLS, activation="tanh")(found))

    return front


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
