"""The figures as a CSV file."""

from __future__ import annotations

import csv
import io

from service.quality.figures import Figures
from service.quality.kappa import Agreement
from service.rulesets.intervals import Share

FIELDS = (
    *("of", "name", "pairs", "agreed", "kappa", "kappa_low", "kappa_high"),
    *("controls", "controls_right", "right", "right_low", "right_high"),
)
Cell = str | int | None


def write_csv(measured: Figures) -> str:
    """A row for all, each category and each moderator; what cannot be said is left empty.

    Bounds are those of 95 % confidence.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    nothing = Share(0, 0)
    writer.writerow(_row("all", "", measured.overall, nothing))
    for name, one in measured.categories.items():
        writer.writerow(_row("category", name, one, nothing))
    for person in measured.moderators:
        writer.writerow(_row("moderator", person.name, person.agreement, person.controls))
    return out.getvalue()


def _row(of: str, name: str, measured: Agreement, controls: Share) -> list[Cell]:
    return [
        of,
        _as_text(name),
        *(measured.pairs, measured.agreed),
        *(_number(value) for value in (measured.kappa, measured.low, measured.high)),
        *(controls.of, controls.hits),
        *(_number(value) for value in (controls.value, controls.low, controls.high)),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _as_text(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
