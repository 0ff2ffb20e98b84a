"""Names of labels and categories in the languages of the pages, as bundle and ruleset give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.screen import Screen

Texts = Mapping[str, str]
Thresholds = Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Words:
    """Titles from the live bundle and ruleset."""

    screen: Screen

    def label(self, name: str) -> Texts:
        """A label's titles; its bare name where the bundle in use does not know it."""
        for label in self.screen.bundle.labels:
            if label.name == name:
                return label.titles
        return {"en": name}

    def category(self, name: str | None) -> Texts | None:
        """A category's titles; None for no category."""
        if name is None:
            return None
        known = self.screen.ruleset.categories.get(name)
        return known.titles if known else {"en": name}

    def thresholds(self, bundle: str | None) -> Thresholds:
        """Each label's thresholds (true at, false at); none for another bundle than that in use."""
        if bundle != self.screen.bundle.id:
            return {}
        labels = self.screen.bundle.labels
        return {label.name: (label.true_at, label.false_at) for label in labels}
