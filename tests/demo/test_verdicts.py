"""The shipped bundle and rules, asked about the demo posts, contradict no person."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from classifiers import Bundle, Classifier, Prediction
from demo.check import Comparison, compare, load_expected, table
from pictures import ImageLimits, open_image
from rules import Seen, Sight, judge, load_ruleset
from service.screening.filmed import kept
from service.screening.pictures import LEAST_PIXELS
from service.screening.wholevideo import SeenFrame, whole
from videos import VideoLimits, Watcher, Wish

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Bundle.load(ROOT / "models" / "starter")


def seen(prediction: Prediction) -> Sight:
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
    """About three seconds: seventeen photographs in one forward pass, and two videos."""
    files = sorted((ROOT / "demo" / "photos").iterdir())
    photos = [file for file in files if file.suffix == ".jpg"]
    images = [open_image(photo.read_bytes(), ImageLimits()) for photo in photos]
    classifier = Classifier(BUNDLE, threads=1)
    predictions = classifier.predict(images)
    sights = {
        photo.name: seen(prediction) for photo, prediction in zip(photos, predictions, strict=True)
    }
    watcher = Watcher(VideoLimits(), 1)
    for video in set(files) - set(photos):
        frames = kept(watcher.watch(video, Wish(12, 1280, LEAST_PIXELS), 60).frames)
        sights[video.name] = whole(
            [
                SeenFrame(frame.time, frame.end - frame.start, seen(prediction))
                for frame, prediction in zip(
                    frames, classifier.predict([frame.image for frame in frames]), strict=True
                )
            ]
        )
    watcher.close()
    lines = (ROOT / "demo" / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    answers = {post["id"]: answer(post, sights) for post in map(json.loads, lines)}
    return compare(load_expected(), answers)


def answer(post: Mapping[str, Any], sights: Mapping[str, Sight]) -> dict[str, Any]:
    ruleset = load_ruleset(ROOT / "rules" / "default.yaml", [label.name for label in BUNDLE.labels])
    shown = [*post.get("images", ()), *post.get("videos", ())]
    judgement = judge(ruleset, post["hashtags"], [sights[one["part"]] for one in shown])
    return {
        "decision": judgement.decision.value,
        "hashtags": [{"tag": v.tag, "verdict": v.verdict.value} for v in judgement.verdicts],
    }


@pytest.mark.slow
def test_no_verdict_is_wrong(comparisons: list[Comparison]) -> None:
    """Where the model is not sure it may say so; it must not say the opposite."""
    wrong = [line for line in comparisons if line.mark == "wrong"]
    assert not wrong, table(wrong)


def test_most_verdicts_need_no_moderator(comparisons: list[Comparison]) -> None:
    right = sum(line.mark == "right" for line in comparisons)
    assert right >= 0.8 * len(comparisons), table(comparisons)


def test_the_readme_tells_how_many(comparisons: list[Comparison]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.search(r"posts' (\d+) hashtags, (\d+) get .*, (\d+) go to a person, and none", readme)
    assert told is not None
    marks = [line.mark for line in comparisons if line.tag is not None]
    assert int(told[1]) == len(marks)
    # Another processor may round a score to the other side of a threshold.
    assert int(told[2]) == pytest.approx(marks.count("right"), abs=1)
    assert int(told[3]) == pytest.approx(marks.count("unsure"), abs=1)
