"""The shipped bundle and rules, asked about the demo posts, contradict no person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from classifiers import Bundle, Classifier, Prediction
from demo.check import Comparison, compare, load_expected, table
from pictures import ImageLimits, open_image
from rules import Seen, judge, load_ruleset

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Bundle.load(ROOT / "models" / "starter")


def seen(prediction: Prediction) -> dict[str, Seen]:
    return {
        label.name: Seen(
            score=prediction.scores[label.name],
            fact=prediction.facts[label.name],
            true_at=label.true_at,
            false_at=label.false_at,
        )
        for label in BUNDLE.labels
    }


@pytest.fixture(scope="module")
def comparisons() -> list[Comparison]:
    """About a second: seventeen photographs in one forward pass."""
    photos = sorted((ROOT / "demo" / "photos").iterdir())
    images = [open_image(photo.read_bytes(), ImageLimits()) for photo in photos]
    predictions = Classifier(BUNDLE, threads=1).predict(images)
    sights = {
        photo.name: seen(prediction) for photo, prediction in zip(photos, predictions, strict=True)
    }
    lines = (ROOT / "demo" / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    answers = {post["id"]: answer(post, sights) for post in map(json.loads, lines)}
    return compare(load_expected(), answers)


def answer(post: Mapping[str, Any], sights: Mapping[str, Mapping[str, Seen]]) -> dict[str, Any]:
    ruleset = load_ruleset(ROOT / "rules" / "default.yaml", [label.name for label in BUNDLE.labels])
    judgement = judge(
        ruleset, post["hashtags"], [sights[image["part"]] for image in post["images"]]
    )
    return {
        "decision": judgement.decision.value,
        "hashtags": [{"tag": v.tag, "verdict": v.verdict.value} for v in judgement.verdicts],
    }


def test_no_verdict_is_wrong(comparisons: list[Comparison]) -> None:
    """Where the model is not sure it may say so; it must not say the opposite."""
    wrong = [line for line in comparisons if line.mark == "wrong"]
    assert not wrong, table(wrong)


def test_most_verdicts_need_no_moderator(comparisons: list[Comparison]) -> None:
    right = sum(line.mark == "right" for line in comparisons)
    assert right >= 0.8 * len(comparisons), table(comparisons)
