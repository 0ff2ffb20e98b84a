"""BERT (Devlin et al. 2019) in Keras, with the weights of a Hugging Face folder.

Keras layers of our own, because what there is brings another framework or a second TensorFlow
(docs/decisions.md). The tests hold it against transformers' figures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordPiece
from tokenizers.processors import BertProcessing

from training.errors import TrainingError

Floats = NDArray[np.float32]
Tensors = dict[str, Floats]

CONFIG, WEIGHTS, VOCABULARY, TOKENIZER = (
    "config.json",
    "model.safetensors",
    "vocab.txt",
    "tokenizer.json",
)
PAD, CLS, SEP, UNKNOWN, MASK = "[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"
BATCH = 32


@dataclass(frozen=True)
class Shape:
    """How large a BERT is; ``longest`` counts the tokens of a text."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    inner: int
    longest: int
    epsilon: float = 1e-12


def network(shape: Shape) -> Any:
    """A Keras model from token ids int32 [n, tokens], 0 for none, to [n, tokens, width]."""
    import keras
    from keras import layers, ops

    ids = keras.Input((None,), dtype="int32")
    there = ids != 0
    places = ops.cumsum(ops.ones_like(ids), axis=1) - 1
    found = layers.Embedding(shape.vocabulary, shape.width, name="words")(ids)
    found = found + layers.Embedding(shape.longest, shape.width, name="places")(places)
    found = layers.LayerNormalization(epsilon=shape.epsilon, name="norm")(found)
    for n in range(shape.layers):
        attend = layers.MultiHeadAttention(
            shape.heads, shape.width // shape.heads, name=f"{n}-attention"
        )
        seen = attend(found, found, attention_mask=there[:, None, :])
        found = layers.LayerNormalization(epsilon=shape.epsilon, name=f"{n}-norm")(found + seen)
        inner = layers.Dense(shape.inner, name=f"{n}-inner")(found)
        inner = keras.activations.gelu(inner, approximate=False)
        outer = layers.Dense(shape.width, name=f"{n}-outer")(inner)
        found = layers.LayerNormalization(epsilon=shape.epsilon, name=f"{n}-end")(found + outer)
    return keras.Model(ids, found)


def read(folder: Path) -> tuple[Any, Tokenizer, Shape]:
    """Network and tokenizer of a folder with config.json, model.safetensors and a vocabulary.

    Raises TrainingError where it is not a BERT's, or lacks a file.
    """
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        if config.get("model_type") != "bert":
            raise TrainingError(f"{folder} holds a {config.get('model_type')}, not a BERT.")
        shape = Shape(
            config["vocab_size"],
            config["hidden_size"],
            config["num_hidden_layers"],
            config["num_attention_heads"],
            config["intermediate_size"],
            config["max_position_embeddings"],
            config.get("layer_norm_eps", 1e-12),
        )
        tensors = {_plain(name): value for name, value in load_file(folder / WEIGHTS).items()}
        model = network(shape)
        _fill(model, tensors, shape)
        return model, _tokenizer(folder, shape), shape
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise TrainingError(f"{folder} holds no BERT that can be read: {error}.") from error


def vectors(model: Any, tokenizer: Tokenizer, texts: Sequence[str]) -> Floats:
    """float32 [n, width] of norm 1: the mean of a text's last hidden states."""
    found = []
    for at in range(0, len(texts), BATCH):
        ids = np.array(
            [one.ids for one in tokenizer.encode_batch(texts[at : at + BATCH])], np.int32
        )
        there = (ids != 0)[:, :, None]
        states = np.asarray(model.predict_on_batch(ids), np.float32)
        found.append((states * there).sum(axis=1) / np.maximum(there.sum(axis=1), 1))
    means = np.concatenate(found)
    norms = np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray(means / np.maximum(norms, 1e-12), np.float32)


def word_pieces(vocabulary: dict[str, int], longest: int, *, lower: bool) -> Tokenizer:
    """BERT's own tokenizer on a vocabulary: texts are cut, and padded to the longest of a batch."""
    found = Tokenizer(WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=100))
    found.normalizer = normalizers.BertNormalizer(lowercase=lower)
    found.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    found.post_processor = BertProcessing((SEP, vocabulary[SEP]), (CLS, vocabulary[CLS]))
    found.enable_truncation(longest)
    found.enable_padding(pad_id=0, pad_token=PAD)
    return found


def _tokenizer(folder: Path, shape: Shape) -> Tokenizer:
    if not (folder / VOCABULARY).is_file():
        found = Tokenizer.from_file(str(folder / TOKENIZER))
        found.enable_truncation(shape.longest)
        found.enable_padding(pad_id=0, pad_token=PAD)
        return found
    terms = (folder / VOCABULARY).read_text("utf-8").splitlines()
    config = folder / "tokenizer_config.json"
    said = json.loads(config.read_text("utf-8")) if config.is_file() else {}
    vocabulary = {term: number for number, term in enumerate(terms)}
    return word_pieces(vocabulary, shape.longest, lower=said.get("do_lower_case", True))


def _plain(name: str) -> str:
    """Older files begin with the model's name and call a norm's numbers gamma and beta."""
    bare = name.removeprefix("bert.")
    return bare.replace("LayerNorm.gamma", "LayerNorm.weight").replace(
        "LayerNorm.beta", "LayerNorm.bias"
    )


def _fill(model: Any, tensors: Tensors, shape: Shape) -> None:
    split = (shape.width, shape.heads, shape.width // shape.heads)

    def pair(name: str) -> tuple[Floats, Floats]:
        return tensors[f"{name}.weight"].T, tensors[f"{name}.bias"]

    def put(layer: str, *arrays: Floats) -> None:
        model.get_layer(layer).set_weights(list(arrays))

    put("words", tensors["embeddings.word_embeddings.weight"])
    # Each text is one segment: the first segment's vector belongs to every place.
    segment = tensors["embeddings.token_type_embeddings.weight"][0]
    put("places", tensors["embeddings.position_embeddings.weight"] + segment)
    put("norm", *pair("embeddings.LayerNorm"))
    for n in range(shape.layers):
        own = f"encoder.layer.{n}"
        arrays: list[Floats] = []
        for part in ("query", "key", "value"):
            kernel, bias = pair(f"{own}.attention.self.{part}")
            arrays += [kernel.reshape(split), bias.reshape(split[1:])]
        kernel, bias = pair(f"{own}.attention.output.dense")
        put(f"{n}-attention", *arrays, kernel.reshape((*split[1:], shape.width)), bias)
        put(f"{n}-norm", *pair(f"{own}.attention.output.LayerNorm"))
        put(f"{n}-inner", *pair(f"{own}.intermediate.dense"))
        put(f"{n}-outer", *pair(f"{own}.output.dense"))
        put(f"{n}-end", *pair(f"{own}.output.LayerNorm"))
