from __future__ import annotations

from collections.abc import Callable

import pytest

from service.audit.chain import NOTHING
from service.audit.entries import EntryError
from service.audit.verify import BrokenError, Whole
from tests.service.audit.conftest import Walk, Write


def test_an_empty_log_is_whole(walk: Walk) -> None:
    assert walk() == Whole(0, NOTHING)


def test_what_was_only_written_is_whole(walk: Walk, write: Write) -> None:
    entries = write("post:p-1", "post:p-2", "post:p-3")
    for entry in entries:
        assert walk(entry.hash) == Whole(3, str(entries[-1].hash))
    assert walk(NOTHING).entries == 3


CHANGES = {
    "actor": "actor = 'minb'",
    "action": "action = 'post.settlee'",
    "subject": "subject = 'post:p-9'",
    "time": "at = at + interval '1 microsecond'",
    "a byte of the details": "details = jsonb_set(details, '{to,3}', '\"맛짐\"')",
    "a number": "details = jsonb_set(details, '{to,1}', '0.51')",
    "a detail more": "details = details || '{\"x\": null}'",
    "a number that JSON cannot carry": "details = '{\"x\": 1e300}'",
    "digest": "digest = repeat('0', 64)",
    "hash": "hash = repeat('0', 64)",
    "no hash": "hash = NULL",
    "number": "id = 99",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_one_changed_byte_is_found_with_its_entry(
    walk: Walk, write: Write, tamper: Callable[[str], None], change: str
) -> None:
    write("post:p-1", "post:p-2", "post:p-3")
    tamper(f"UPDATE audit_log SET {change} WHERE position = 2")  # noqa: S608  # CHANGES, above
    with pytest.raises(BrokenError, match=r"^Entry 2 \("):
        walk()


@pytest.mark.parametrize("change", ["at = 'infinity'", "details = '[]'", "details = '1'"])
def test_a_row_that_cannot_be_read_is_named(
    walk: Walk, write: Write, tamper: Callable[[str], None], change: str
) -> None:
    write("post:p-1", "post:p-2", "post:p-3")
    tamper(f"UPDATE audit_log SET {change} WHERE position = 2")  # noqa: S608  # three, above
    with pytest.raises(EntryError, match=r"^Entry 2 is no entry: "):
        walk()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM audit_log WHERE position = 2", "Entry 2 is missing: the next is 3 "),
        ("DELETE FROM audit_log WHERE position < 3", "Entries 1 to 2 are missing: the next is 3 "),
        (
            "DELETE FROM audit_log WHERE position = 2;"
            "UPDATE audit_log SET position = position - 1 WHERE position > 2",
            r"Entry 2 \(post.settled, post:p-3, .* another hash",
        ),
        (
            "UPDATE audit_log SET position = NULL WHERE position = 3",
            r"^Entry with id \d+ \(",
        ),
    ],
    ids=["one", "the beginning", "one, and those after it moved up", "taken out of the row"],
)
def test_a_removed_entry_is_found(
    walk: Walk, write: Write, tamper: Callable[[str], None], change: str, says: str
) -> None:
    write("post:p-1", "post:p-2", "post:p-3")
    tamper(change)
    with pytest.raises(BrokenError, match=says):
        walk()


def test_a_removed_end_is_found_by_whoever_knows_a_hash_it_had(
    walk: Walk, write: Write, tamper: Callable[[str], None]
) -> None:
    first, _, last = write("post:p-1", "post:p-2", "post:p-3")
    tamper("DELETE FROM audit_log WHERE position > 1")
    assert walk(first.hash) == Whole(1, str(first.hash))
    with pytest.raises(BrokenError, match=f"No entry has the hash {last.hash}.* entry 1, hash"):
        walk(last.hash)


def test_an_end_that_was_written_anew_is_found_too(
    walk: Walk, write: Write, tamper: Callable[[str], None]
) -> None:
    last = write("post:p-1", "post:p-2")[-1]
    tamper("DELETE FROM audit_log WHERE position = 2")
    write("post:p-2, but not as it was")
    assert walk().entries == 2
    with pytest.raises(BrokenError, match="removed or written anew"):
        walk(last.hash)
