"""``items``: the text–image embedding of films, posts and whatever has words and pictures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from training.commands import items_report
from training.commands.options import STARTER, add_cache, add_seed, told, whole

ITEMS = STARTER.parent / "items"


def add(commands: Any) -> None:
    """Adds the command with its own commands to ``python -m training``."""
    items = commands.add_parser("items", help="words and pictures of items to one vector")
    own = items.add_subparsers(dest="items_command", required=True)
    train = own.add_parser("train", help="films, posters and ratings to an item bundle")
    train.set_defaults(run=_train)
    train.add_argument("data", type=Path, help="a folder with movies.csv, ratings.csv, posters/")
    train.add_argument("--out", type=Path, required=True, help="the bundle's folder")
    train.add_argument("--epochs", type=whole(1), default=150, help="at most; 150")
    add_seed(train)
    train.add_argument(
        "--licence", default="see the card", help="said by the bundle; 'see the card'"
    )
    train.add_argument(
        "--pooling", choices=("mean", "attention"), default="mean", help="of several pictures; mean"
    )
    train.add_argument(
        "--parts", action="store_true", help="look at the ends of posters, too: three pictures each"
    )
    train.add_argument("--resume", type=Path, help="a folder: go on where a run was stopped")
    evaluate = own.add_parser("evaluate", help="recall@k of a bundle on films with ratings")
    evaluate.set_defaults(run=_evaluate)
    evaluate.add_argument("bundle", type=Path, help="an item bundle's folder")
    evaluate.add_argument("data", type=Path, help="a folder as for train")
    evaluate.add_argument("--json", action="store_true", help="one JSON object")
    embed = own.add_parser("embed", help="write ids and vectors of films")
    embed.set_defaults(run=_embed)
    embed.add_argument("bundle", type=Path, help="an item bundle's folder")
    embed.add_argument("data", type=Path, help="a folder with movies.csv and posters/")
    embed.add_argument("--out", type=Path, required=True, help="the .npz file")
    items_report.add(own)
    for command in (train, evaluate, embed):
        command.add_argument(
            "--classifier", type=Path, default=STARTER, help=f"sees the pictures; {told(STARTER)}"
        )
        add_cache(command)


def _train(asked: argparse.Namespace) -> int:
    from training.items.fit import Schedule
    from training.items.train import ItemTraining, train

    schedule = Schedule(epochs=asked.epochs, seed=asked.seed)
    print(
        train(
            ItemTraining(
                asked.data,
                asked.out,
                asked.classifier,
                asked.cache,
                asked.resume,
                asked.licence,
                schedule,
                asked.pooling,
                asked.parts,
            )
        )
    )
    return 0


def _evaluate(asked: argparse.Namespace) -> int:
    import json

    from items import ItemBundle, ItemEncoder
    from training.items import evaluate
    from training.items.bundle import fingerprint
    from training.items.embed import posters_of
    from training.items.films import read_films, read_ratings
    from training.items.learn import NEAREST
    from training.items.related import liked_together
    from training.items.views import first_view

    bundle = ItemBundle.load(asked.bundle)
    films = read_films(asked.data)
    if fingerprint(films) == bundle.manifest.fingerprint:
        print("The bundle learned from these very films: this flatters it.", file=sys.stderr)
    similar = liked_together(films, read_ratings(asked.data)).nearest(NEAREST)
    pictures = posters_of(films, bundle, asked.classifier, asked.cache)
    found = evaluate.rows(ItemEncoder(bundle).vectors, first_view(films, pictures), similar)
    print(json.dumps(evaluate.as_data(found)) if asked.json else evaluate.table(found))
    return 0


def _embed(asked: argparse.Namespace) -> int:
    from training.items.embed import embed_folder

    count = embed_folder(asked.bundle, asked.data, asked.out, asked.classifier, asked.cache)
    print(f"Vectors of {count} films are in {asked.out}.")
    return 0
