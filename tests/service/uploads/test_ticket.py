"""A ticket is good for one upload, as it was written, for its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from service.uploads.ticket import PATH, ForgedError, LateError, Ticket, Tickets

SECRET = "a secret of the tests"
TICKETS = Tickets(SECRET, timedelta(hours=1))
KEY = "0f" * 16


def test_a_ticket_is_read_as_it_was_written() -> None:
    ticket = Ticket(KEY, 2**40)
    assert TICKETS.read(KEY, TICKETS.write(ticket)) == ticket


def test_it_is_for_its_own_upload() -> None:
    with pytest.raises(ForgedError):
        TICKETS.read("f0" * 16, TICKETS.write(Ticket(KEY, 1)))


def test_another_secret_writes_no_ticket_of_ours() -> None:
    other = Tickets("another", timedelta(hours=1))
    with pytest.raises(ForgedError):
        TICKETS.read(KEY, other.write(Ticket(KEY, 1)))


@pytest.mark.parametrize("salt", ["cookie-session", "itsdangerous", ""])
def test_nothing_that_is_signed_for_another_purpose_is_a_ticket(salt: str) -> None:
    with pytest.raises(ForgedError):
        TICKETS.read(KEY, str(URLSafeTimedSerializer(SECRET, salt=salt).dumps([KEY, 1])))


@pytest.mark.parametrize("content", [[], [KEY], KEY, None, 7, {"key": KEY}, [KEY, 1, 2]])
def test_nor_is_what_has_another_shape(content: object) -> None:
    with pytest.raises(ForgedError):
        TICKETS.read(KEY, str(URLSafeTimedSerializer(SECRET, salt="upload").dumps(content)))


@given(st.text(max_size=600))
def test_any_text_is_refused_without_another_error(text: str) -> None:
    with pytest.raises((ForgedError, LateError)):
        TICKETS.read(KEY, text)


@given(st.integers(min_value=0), st.characters())
def test_a_ticket_with_another_letter_is_forged(place: int, letter: str) -> None:
    text = TICKETS.write(Ticket(KEY, 1))
    place %= len(text)
    changed = text[:place] + letter + text[place + 1 :]
    if changed == text:
        return
    try:
        # The last letter of base64 has bits that mean nothing.
        assert TICKETS.read(KEY, changed) == Ticket(KEY, 1)
        assert place == len(text) - 1
    except (ForgedError, LateError):
        pass


@pytest.mark.parametrize(("ours", "other"), [("_", "/"), ("-", "+")])
def test_a_ticket_in_another_alphabet_of_base64_is_forged(ours: str, other: str) -> None:
    written = [TICKETS.write(Ticket(KEY, size)) for size in range(200)]
    changed = [text.replace(ours, other) for text in written if ours in text]
    assert changed
    for text in changed:
        with pytest.raises(ForgedError):
            TICKETS.read(KEY, text)


def test_it_is_good_for_its_time() -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        text = TICKETS.write(Ticket(KEY, 1))
        clock.shift(timedelta(hours=1))
        assert TICKETS.read(KEY, text)
        clock.shift(timedelta(seconds=2))
        with pytest.raises(LateError):
            TICKETS.read(KEY, text)


@pytest.mark.parametrize(
    ("path", "is_place"),
    [
        (f"/v1/uploads/{KEY}/content", True),
        (f"/v1/uploads/{KEY}", False),
        (f"/v1/uploads/{KEY}/content/x", False),
        (f"/v1/uploads/../{KEY}/content", False),
        (f"/v1/uploads/{KEY[:-1]}/content", False),
        (f"//v1/uploads/{KEY}/content", False),
    ],
)
def test_only_the_exact_place_of_a_file_is_one(path: str, is_place: bool) -> None:
    assert (PATH.fullmatch(path) is not None) == is_place
