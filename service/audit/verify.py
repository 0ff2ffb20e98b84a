"""Verify the audit log: every entry's hash, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import rfc8785

from service.audit.chain import NOTHING, digest, link
from service.audit.entries import ExportedEntry


@dataclass(frozen=True)
class Whole:
    """An unbroken log: how many entries, and the hash of the last (64 zeros where none is)."""

    entries: int
    head: str


class BrokenError(Exception):
    """The log was changed; the text names the entry and what is wrong with it."""


def verify(entries: Iterable[ExportedEntry], head: str | None = None) -> Whole:
    """Verify the whole log, from its first entry on.

    A changed entry has another digest or hash; a removed one leaves a gap. A truncated end is only
    found with ``head``, a hash that the log had before.

    Raises:
        BrokenError: at the first entry that is not as it was written, or where no entry has the
            hash ``head``.
    """
    position, before, met = 0, NOTHING, head in (None, NOTHING)
    for entry in entries:
        position += 1
        if entry.position != position:
            raise BrokenError(_gap(position, entry))
        if _digest(entry) != entry.digest:
            raise BrokenError(f"Entry {_name(entry)} was changed: what it says has another digest.")
        if link(position, entry.id, before, entry.digest) != entry.hash:
            raise BrokenError(
                f"Entry {_name(entry)} was changed, or the one before it was: it has another hash."
            )
        before = entry.hash
        met = met or before == head
    if not met:
        raise BrokenError(
            f"No entry has the hash {head}: the log's end was removed or written anew. "
            f"It ends with entry {position}, hash {before}."
        )
    return Whole(position, before)


def _digest(entry: ExportedEntry) -> str | None:
    try:
        return digest(entry.at, entry.actor, entry.action, entry.subject, entry.details)
    except rfc8785.CanonicalizationError:  # a number that no entry was written with
        return None


def _gap(expected: int, found: ExportedEntry) -> str:
    if found.position is None:
        return f"Entry {_name(found)} was never bound to the log."
    if found.position < expected:
        return f"Entry {_name(found)} is there twice."
    last = found.position - 1
    gone = f"Entry {expected} is" if last == expected else f"Entries {expected} to {last} are"
    return f"{gone} missing: the next is {_name(found)}."


def _name(entry: ExportedEntry) -> str:
    number = f"with id {entry.id}" if entry.position is None else entry.position
    return f"{number} ({entry.action}, {entry.subject}, {entry.at:%Y-%m-%d %H:%M})"
