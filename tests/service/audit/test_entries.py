from __future__ import annotations

import pytest

from service.audit.entries import EntryError, lines, read, stored
from service.audit.verify import BrokenError, verify
from service.parts import Parts
from tests.service.audit.conftest import Walk, Write


def test_an_export_is_verified_without_the_database(parts: Parts, write: Write, walk: Walk) -> None:
    write("post:p-1", "post:맛집\n2")
    with parts.sessions() as session, stored(session) as entries:
        exported = list(lines(entries))
    whole = walk()
    assert len(exported) == 2
    assert verify(read(exported), whole.head) == whole
    with pytest.raises(BrokenError, match="Entry 1"):
        verify(read(line.replace("mina", "minb") for line in exported))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "Line 1 is no entry"),
        ("[1]", "Line 1 is no entry"),
        ('{"position": 1}', "Line 1 is no entry: id Field required"),
    ],
)
def test_a_line_that_is_no_entry_is_named(line: str, says: str) -> None:
    with pytest.raises(EntryError, match=says):
        list(read([line]))
