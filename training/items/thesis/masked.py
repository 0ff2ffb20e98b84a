"""A small BERT trained here, by guessing masked words, where none can be downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer
from tokenizers.trainers import WordPieceTrainer
from tqdm import tqdm

from training.items.thesis.bert import CLS, MASK, PAD, SEP, UNKNOWN, Shape, network, word_pieces

VOCABULARY, LONGEST = 4000, 96
SHAPE = {"width": 128, "layers": 2, "heads": 2, "inner": 256}
EPOCHS, BATCH, RATE = 10, 64, 1e-3
MASKED = 0.15  # as in the paper; each is replaced by [MASK]


def train_small(texts: Sequence[str], seed: int = 0, epochs: int = EPOCHS) -> tuple[Any, Tokenizer]:
    """Network and tokenizer. A few thousand texts teach it words, not language."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    tokenizer = _tokenizer(texts)
    shape = Shape(tokenizer.get_vocab_size(), longest=LONGEST, **SHAPE)
    model = network(shape)
    head = keras.layers.Dense(shape.vocabulary)
    head.build((None, shape.width))
    learned = [*model.trainable_variables, *head.trainable_variables]
    optimiser = keras.optimizers.Adam(RATE)
    optimiser.build(learned)
    mask = tokenizer.token_to_id(MASK)

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has none
    def step(ids: Any, hidden: Any) -> Any:
        with tf.GradientTape() as tape:
            states = model(tf.where(hidden, mask, ids), training=True)
            guesses = head(tf.boolean_mask(states, hidden))
            true = tf.boolean_mask(ids, hidden)
            lost = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=true, logits=guesses)
            )
        optimiser.apply_gradients(zip(tape.gradient(lost, learned), learned, strict=True))
        return lost

    ids = np.array([one.ids for one in tokenizer.encode_batch(list(texts))], np.int32)
    random = np.random.default_rng(seed)
    plain = len((PAD, UNKNOWN, CLS, SEP, MASK))
    for _ in tqdm(range(epochs), desc="Masked words", unit="epoch"):
        order = random.permutation(len(ids))
        for at in range(0, len(ids), BATCH):
            batch = ids[order[at : at + BATCH]]
            hidden = (random.random(batch.shape) < MASKED) & (batch >= plain)
            if hidden.any():
                step(batch, hidden)
    return model, tokenizer


def _tokenizer(texts: Sequence[str]) -> Tokenizer:
    learned = word_pieces({PAD: 0, UNKNOWN: 1, CLS: 2, SEP: 3}, LONGEST, lower=True)
    special = [PAD, UNKNOWN, CLS, SEP, MASK]  # PAD is 0, as the network takes it
    trainer = WordPieceTrainer(
        vocab_size=VOCABULARY,
        special_tokens=special,
        show_progress=False,
        continuing_subword_prefix="##",
    )
    learned.train_from_iterator(list(texts), trainer)
    return word_pieces(learned.get_vocab(), LONGEST, lower=True)
