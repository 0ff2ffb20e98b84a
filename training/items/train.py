"""A whole run: films to an item bundle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifiers import Bundle
from training.errors import TrainingError
from training.fit.frozen import frozen_of
from training.items import evaluate
from training.items.bundle import Told, fingerprint, write_item_bundle
from training.items.card import Facts, write_card
from training.items.films import read_films, read_ratings
from training.items.fit import Schedule
from training.items.learn import Learned, Material, learn, learn_all
from training.items.pictures import embed_parts, embed_posters
from training.items.split import Split, split_films
from training.place import check_folder

POOLED = {"mean": "averaged", "attention": "weighed by learned attention"}


@dataclass(frozen=True)
class ItemTraining:
    """What is trained from what: ``keep`` is where a training that was stopped goes on. With
    ``parts`` a poster is three pictures: the whole of it, and the squares at its ends."""

    data: Path
    out: Path
    classifier: Path
    cache: Path
    keep: Path | None
    licence: str
    schedule: Schedule
    pooling: str = "mean"
    parts: bool = False


def train(run: ItemTraining) -> str:
    """Measures the recipe on films held back, then trains on all and writes the bundle.

    Returns the card. Raises TrainingError where the folder cannot be learned from.
    """
    check_folder(run.out)
    classifier = Bundle.load(run.classifier)
    material = read_material(run.data, classifier, run.cache, run.parts)
    split = split_films(material.films, run.schedule.seed)
    if not min(len(split.learn), len(split.stop), len(split.test)):
        raise TrainingError("There are too few films to hold some of them back.")
    learned = learn(
        material.part(split.learn), material.part(split.stop), run.schedule, run.keep, run.pooling
    )
    test = material.part(split.test)
    rows = evaluate.rows(learned.vectors, test.items, test.similar)
    plain = evaluate.baselines(learned.inputs, learned.start, test.items, test.similar)
    whole = learn_all(material, learned.progress.best_epoch, run.schedule, run.pooling)
    facts = _facts(run, material, split, whole, learned.progress.best_epoch, classifier)
    card = write_card(facts, rows, plain)
    told = Told(
        name=run.out.resolve().name,
        pictures_by=classifier.embedding_id,
        licence=run.licence,
        fingerprint=fingerprint(material.films),
        metrics={"rows": evaluate.as_data(rows), "baselines": evaluate.as_data(plain)},
        card=card,
    )
    write_item_bundle(whole, told, run.out)
    return card


def read_material(data: Path, classifier: Bundle, cache: Path, parts: bool = False) -> Material:
    """The films of a folder with their posters' embeddings and their relations."""
    films, ratings = read_films(data), read_ratings(data)
    embed = embed_parts if parts else embed_posters
    pictures = embed([film.poster for film in films], frozen_of(classifier, cache))
    return Material.of(films, pictures, ratings)


def _facts(
    run: ItemTraining,
    material: Material,
    split: Split,
    whole: Learned,
    epochs: int,
    classifier: Bundle,
) -> Facts:
    terms = whole.inputs.text.terms
    return Facts(
        name=run.out.resolve().name,
        pictures_by=classifier.embedding_id,
        pooled=POOLED[run.pooling],
        licence=run.licence,
        terms=len(terms),
        korean_terms=sum(term[0] >= "가" for term in terms),
        films=len(material.films),
        posters=sum(picture is not None for picture in material.pictures),
        korean=int(np.sum([bool(film.text_ko) for film in material.films])),
        learn=len(split.learn),
        stop=len(split.stop),
        test=len(split.test),
        epochs=epochs,
    )
