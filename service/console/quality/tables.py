"""The columns by which the tables of the page of quality can be sorted."""

from __future__ import annotations

from service.console.frame.sorting import Column, Sorting
from service.quality.figures import Moderator
from service.quality.kappa import Agreement

BY_CATEGORY: Sorting[tuple[str, Agreement]] = Sorting(
    "console.quality",
    {
        "category": Column(lambda row: row[0], descending=False),
        "hashtags": Column(lambda row: row[1].pairs),
        "same": Column(lambda row: row[1].share.value if row[1].is_enough else None),
        "kappa": Column(lambda row: row[1].kappa if row[1].is_enough else None),
    },
    usual="category",
    place="agreement",
)
BY_MODERATOR: Sorting[Moderator] = Sorting(
    "console.quality",
    {
        "name": Column(lambda row: row.name, descending=False),
        "hashtags": Column(lambda row: row.agreement.pairs),
        "same": Column(lambda row: row.agreement.share.value if row.agreement.is_enough else None),
        "kappa": Column(lambda row: row.agreement.kappa if row.agreement.is_enough else None),
        "controls": Column(lambda row: row.controls.value),
    },
    usual="name",
    parameter="moderators",
    place="moderators",
)
