"""How a table's cells are written on the page."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_datetime, format_decimal, format_percent

from service.console.overview.table import Cell


def shown(cell: Cell) -> str:
    """A cell in the page's language; a dash where there is nothing to tell.

    Numbers that are not whole are shares. They get a decimal: rates of labels are small.
    """
    if cell is None:
        return "–"
    if isinstance(cell, datetime):
        return str(format_datetime(cell, "short"))
    if isinstance(cell, float):
        return str(format_percent(cell, "#,##0.0%"))
    return str(format_decimal(cell)) if isinstance(cell, int) else cell
