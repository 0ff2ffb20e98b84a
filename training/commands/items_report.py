"""``items report``: the thesis's networks and losses, measured on films of one folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import (
    STARTER,
    above_nothing,
    add_cache,
    add_seed,
    names,
    told,
    whole,
)

TEXTS = "lsa,word2vec,rnn,lstm,bert"


def add(own: Any) -> None:
    """Adds the command to ``python -m training items``."""
    report = own.add_parser("report", help="the thesis's networks and losses, in tables and plots")
    report.set_defaults(run=_report)
    report.add_argument("data", type=Path, help="a folder with movies.csv, ratings.csv, posters/")
    report.add_argument("--out", type=Path, required=True, help="a folder; a stopped run goes on")
    report.add_argument("--texts", default=TEXTS, help=f"text networks; {TEXTS}")
    report.add_argument("--losses", help="default: all; comma-separated")
    report.add_argument("--word-vectors", type=Path, help="a file, instead of training word2vec")
    report.add_argument("--bert", help="a Hugging Face folder or name; else a small one from here")
    report.add_argument("--backbones", default="", help="image networks beside the classifier's")
    report.add_argument("--weights-dir", type=Path, help="with NAME_notop.weights.h5 of each")
    report.add_argument(
        "--width", type=above_nothing, default=1.0, help="times the thesis's filters; 1"
    )
    report.add_argument("--epochs", type=whole(1), default=100, help="at most; 100")
    report.add_argument(
        "--patience", type=whole(1), default=10, help="epochs without a gain that end a row; 10"
    )
    report.add_argument("--bf16", action="store_true", help="compute in bfloat16 where it pays")
    add_seed(report)
    report.add_argument(
        "--classifier", type=Path, default=STARTER, help=f"sees the pictures; {told(STARTER)}"
    )
    add_cache(report)


def _report(asked: argparse.Namespace) -> int:
    import keras

    from classifiers import Bundle
    from training.items.fit import Schedule
    from training.items.split import split_films
    from training.items.thesis.choices import Files, chosen_losses, picture_makers, text_makers
    from training.items.thesis.report import EncoderComparison, run
    from training.items.train import read_material

    if asked.bf16:
        keras.config.set_dtype_policy("mixed_bfloat16")
    classifier = Bundle.load(asked.classifier)
    material = read_material(asked.data, classifier, asked.cache)
    schedule = Schedule(
        epochs=asked.epochs, patience=asked.patience, seed=asked.seed, drop=(0, 0, 0, 0)
    )
    learn = split_films(material.films, asked.seed).learn
    pictures = picture_makers(
        material, classifier, sorted(names(asked.backbones)), asked.weights_dir, asked.cache
    )
    files = Files(asked.word_vectors, asked.bert)
    texts = text_makers(asked.texts.split(","), material.films, learn, files)
    losses = chosen_losses(asked.losses)
    made_with = repr((classifier.id, files, asked.weights_dir))
    compared = EncoderComparison(
        texts, pictures, losses, asked.width, schedule, asked.out, made_with
    )
    print(run(material, compared))
    return 0
