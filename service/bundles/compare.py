"""Whether a bundle is worse than another on the same photographs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers import Bundle
from service.bundles.errors import RefusedError
from service.config import ROOT

MOST_LOST = 0.02
HELD_BACK = ("test", "unseen_sources", "known_sources")
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Figures:
    """A label's figures on a set of photographs, as in a bundle's card; None where a figure is
    undefined.
    """

    photographs: int
    shown: int
    f1: float | None
    recall: float | None


Table = Mapping[str, Figures]


@dataclass(frozen=True)
class Comparison:
    """The figures of two bundles by label, and what they were measured on."""

    on: str
    before: Table
    after: Table

    def worse(self) -> list[str]:
        """One sentence for macro F1 and each label's recall that fell by more than two points.

        Macro F1 is the mean over the labels that both bundles have.
        """
        changes = [("macro F1", *self._macro_f1())]
        changes += [
            (f"recall of {name}", self.before[name].recall, self.after[name].recall)
            for name in self._both()
        ]
        return [
            f"{what} falls from {before:.3f} to {after or 0.0:.3f} on {self.on}"
            for what, before, after in changes
            if before is not None and before - (after or 0.0) > MOST_LOST + _ROUNDING
        ]

    def data(self) -> dict[str, Any]:
        """As JSON, to be stored with the promotion."""
        return {
            "on": self.on,
            "labels": {
                name: {"recall": [self.before[name].recall, self.after[name].recall]}
                for name in self._both()
            },
            "macro_f1": list(self._macro_f1()),
        }

    def _macro_f1(self) -> tuple[float | None, float | None]:
        before, after = ([t[name].f1 for name in self._both()] for t in (self.before, self.after))
        return _mean(before), _mean(after)

    def _both(self) -> list[str]:
        return [name for name in self.before if name in self.after]


def compare(live: Bundle, candidate: Bundle, test: Path | None) -> Comparison:
    """Both bundles on the frozen test set: the photographs in ``test``, measured now.

    Without ``test`` they are compared by what each keeps of its training, if that was measured on
    the same photographs: trained on the same, or only labels were added to the live one.

    Raises:
        RefusedError: it was not, or the photographs cannot be measured on.
    """
    if test is not None:
        on = f"the photographs in {test}"
        return Comparison(on, *(_measured(bundle, test) for bundle in (live, candidate)))
    if live.manifest.fingerprint == candidate.manifest.fingerprint or _extends(live, candidate):
        for key in HELD_BACK:
            tables = [_table(b.manifest.metrics.get(key) or {}) for b in (live, candidate)]
            if _same_photographs(*tables):
                return Comparison("the photographs held back from both", *tables)
    raise RefusedError(
        f"{live.id} and {candidate.id} were not measured on the same photographs: "
        "name a folder of labelled photographs that neither was trained on, --test DATA."
    )


def _extends(live: Bundle, candidate: Bundle) -> bool:
    """Whether the candidate gives exactly the live bundle's scores, plus those of more labels.

    Of scenes that exclude each other none may have been added.
    """
    place = {label.name: at for at, label in enumerate(candidate.labels)}
    if live.embedding_id != candidate.embedding_id or not {x.name for x in live.labels} <= set(
        place
    ):
        return False
    shared = [place[label.name] for label in live.labels]
    before, after = live.heads, candidate.heads
    return (
        live.manifest.labels == tuple(candidate.manifest.labels[at] for at in shared)
        and sum(before.exclusive) == sum(after.exclusive)
        and np.array_equal(before.kernel, after.kernel[:, [*shared, -1]])
        and np.array_equal(before.bias, after.bias[[*shared, -1]])
    )


def _measured(bundle: Bundle, test: Path) -> Table:
    # A process of its own: measuring belongs to training, whose packages a server need not have.
    folders = str(bundle.path.resolve()), str(test.resolve())
    command = [sys.executable, "-m", "training", "evaluate", *folders, "--json"]
    done = subprocess.run(  # noqa: S603  # our own command, and no shell
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise RefusedError(f"{bundle.id} cannot be measured on {test}: {last}")
    return _table(json.loads(done.stdout))


def _table(figures: Mapping[str, Any]) -> dict[str, Figures]:
    return {
        row["label"]: Figures(row["photographs"], row["shown"], row["f1"], row["recall"])
        for row in figures.get("labels", [])
    }


def _same_photographs(before: Table, after: Table) -> bool:
    both = [name for name in before if name in after]
    counts = [
        [(table[name].photographs, table[name].shown) for name in both] for table in (before, after)
    ]
    return bool(both) and counts[0] == counts[1]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
