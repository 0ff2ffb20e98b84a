"""The bundle and the ruleset of one process, loaded when they are first needed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import RLock

from PIL.Image import Image

from classifiers import Bundle, Classifier, Prediction
from rules import Judgement, Ruleset, Seen, Sight, judge, load_ruleset
from service.config import Config


@dataclass(frozen=True)
class Look:
    """What was seen in one image, and the same as the rules need it."""

    prediction: Prediction
    sight: Sight


class Screener:
    """Looks at images and judges hashtags. Threads may share it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._loading = RLock()

    @property
    def bundle(self) -> Bundle:
        """The bundle, loaded and checked.

        Raises:
            BundleError: it cannot be used.
        """
        with self._loading:
            return self._bundle

    @property
    def ruleset(self) -> Ruleset:
        """The ruleset, checked against the bundle's labels.

        Raises:
            BundleError, RulesetError: one of them cannot be used.
        """
        with self._loading:
            return self._ruleset

    @property
    def classifier(self) -> Classifier:
        """The bundle, ready to look at images."""
        with self._loading:
            return self._classifier

    def see(self, images: Sequence[Image]) -> list[Look]:
        """Look at images, all in one forward pass."""
        return [Look(p, self._sight(p)) for p in self.classifier.predict(images)]

    def judge(self, tags: Sequence[str], looks: Sequence[Look]) -> Judgement:
        """Give hashtags their verdicts by what was seen."""
        return judge(self.ruleset, tags, [look.sight for look in looks])

    def _sight(self, prediction: Prediction) -> Sight:
        return {
            label.name: Seen(
                score=prediction.scores[label.name],
                fact=prediction.facts[label.name],
                true_at=label.true_at,
                false_at=label.false_at,
            )
            for label in self.bundle.labels
        }

    @cached_property
    def _bundle(self) -> Bundle:
        return Bundle.load(self._config.bundle)

    @cached_property
    def _ruleset(self) -> Ruleset:
        return load_ruleset(self._config.ruleset, [label.name for label in self.bundle.labels])

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self.bundle, self._config.inference_threads or os.cpu_count() or 1)
