from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from service.console.overview.table import Column, Table


def test_a_file_has_heads_that_no_language_changes_and_values_that_programs_read() -> None:
    table = Table(
        [Column("start", "시작"), Column("posts", "게시물"), Column("share", "비율")],
        [
            (datetime(2026, 11, 20, 12, tzinfo=UTC), 3, 1 / 3),
            ("음식, 음료", 0, None),
        ],
    )
    assert list(csv.reader(io.StringIO(table.as_csv()))) == [
        ["start", "posts", "share"],
        ["2026-11-20T12:00:00+00:00", "3", "0.333333"],
        ["음식, 음료", "0", ""],
    ]
