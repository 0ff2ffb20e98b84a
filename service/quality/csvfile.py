"""The figures as a CSV file."""

from __future__ import annotations

from intervals import Share
from service.csvfile import Cell, as_csv
from service.quality.figures import Figures
from service.quality.kappa import Agreement

FIELDS = (
    *("of", "name", "pairs", "agreed", "kappa", "kappa_low", "kappa_high"),
    *("controls", "controls_right", "right", "right_low", "right_high"),
)


def write_csv(measured: Figures) -> str:
    """A row for all, each category and each moderator; what cannot be said is left empty.

    Bounds are those of 95 % confidence.
    """
    nothing = Share(0, 0)
    rows = [_row("all", "", measured.overall, nothing)]
    rows += [_row("category", name, one, nothing) for name, one in measured.categories.items()]
    rows += [
        _row("moderator", person.name, person.agreement, person.controls)
        for person in measured.moderators
    ]
    return as_csv(FIELDS, rows)


def _row(of: str, name: str, measured: Agreement, controls: Share) -> list[Cell]:
    return [
        of,
        name,
        *(measured.pairs, measured.agreed),
        *(_number(value) for value in (measured.kappa, measured.low, measured.high)),
        *(controls.of, controls.hits),
        *(_number(value) for value in (controls.value, controls.low, controls.high)),
    ]


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
