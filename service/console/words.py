"""Names of labels and categories in the languages of the pages, as bundle and ruleset give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.screener import Screener

Texts = Mapping[str, str]
Thresholds = Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Words:
    """What the screener's bundle and ruleset call things. Nothing is loaded until it is asked."""

    screener: Screener

    def label(self, name: str) -> Texts:
        """A label's titles; its bare name where the bundle in use does not know it."""
        for label in self.screener.bundle.labels:
            if label.name == name:
                return label.titles
        return {"en": name}

    def category(self, name: str | None) -> Texts | None:
        """A category's titles; None for no category."""
        if name is None:
            return None
        known = self.screener.ruleset.categories.get(name)
        return known.titles if known else {"en": name}

    def thresholds(self, bundle: str | None) -> Thresholds:
        """Each label's thresholds (true at, false at); none for another bundle than that in use."""
        if bundle != self.screener.bundle.id:
            return {}
        labels = self.screener.bundle.labels
        return {label.name: (label.true_at, label.false_at) for label in labels}
