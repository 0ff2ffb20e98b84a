"""The receiver takes what Tagsift signed, once or again, and refuses the rest."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from clients.callback_receiver import Forged, main, make_receiver, read_secrets, summary, verify

from .conftest import SECRET

NEXT_SECRET = "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
CALLBACK: dict[str, Any] = {
    "type": "post.decided",
    "sequence": 7,
    "data": {
        "id": "p-1",
        "decision": "flag",
        "decided_by": "model",
        "hashtags": [{"tag": "카페", "verdict": "irrelevant"}],
    },
}
BODY = json.dumps(CALLBACK, ensure_ascii=False).encode()


def signed(
    secret: str = SECRET, body: bytes = BODY, ago: int = 0, name: str = "msg_1"
) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body.decode()),
    }


def test_a_signed_callback_is_read() -> None:
    assert verify([SECRET], BODY, signed()) == CALLBACK


def test_a_post_is_told_in_one_line_and_an_appeal_with_its_outcome() -> None:
    assert summary(CALLBACK) == "p-1  flag by model  #카페 irrelevant"
    data = CALLBACK["data"] | {"decided_by": "appeal", "appeal": {"id": "a-1", "state": "upheld"}}
    told = summary(CALLBACK | {"type": "appeal.decided", "data": data})
    assert told == "p-1  flag by appeal a-1, upheld  #카페 irrelevant"


@pytest.mark.parametrize(
    ("state", "frames", "error", "told"),
    [
        (
            "done",
            [{"time": 7.24, "index": None}, {"time": 0.0, "index": None}],
            None,
            "at 7.2 s, at 0.0 s",
        ),
        ("done", [{"time": None, "index": 2}], None, "picture 2"),
        ("failed", [], {"code": "not_a_video", "message": "It is no video."}, "It is no video."),
    ],
)
def test_thumbnails_are_told_in_one_line(
    state: str, frames: list[object], error: object, told: str
) -> None:
    data = {"id": "t-1", "state": state, "frames": frames, "error": error}
    line = summary({"type": f"thumbnails.{state}", "sequence": 8, "data": data})
    assert line == f"t-1  thumbnails {state}  {told}"


def test_while_secrets_are_rotated_either_will_do() -> None:
    assert verify([NEXT_SECRET, SECRET], BODY, signed()) == CALLBACK
    assert verify([NEXT_SECRET, SECRET], BODY, signed(NEXT_SECRET)) == CALLBACK


# Signed when the test runs: it may be long after the tests were collected.
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: signed(NEXT_SECRET), "No matching signature"),
        (lambda: signed(ago=400), "too old"),
        (lambda: signed(ago=-400), "too new"),
        (dict, "Missing required headers"),
        (lambda: signed() | {"webhook-signature": "nonsense"}, "unpack"),
        (lambda: signed() | {"webhook-signature": "v1,abcde"}, "base64"),
    ],
)
def test_a_forged_callback_is_refused(make: Callable[[], dict[str, str]], why: str) -> None:
    with pytest.raises(Forged, match=why):
        verify([SECRET], BODY, make())


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(Forged):
        verify([SECRET], BODY.replace(b"flag", b"pass"), signed())


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(Forged, match="no secret"):
        verify([], BODY, signed())


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[str]]]:
    said: list[str] = []
    with make_receiver([SECRET], 0, said.append) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", said
        server.shutdown()
        thread.join()


def test_over_http_it_says_what_was_decided_and_what_came_before(
    receiver: tuple[str, list[str]],
) -> None:
    url, said = receiver
    headers = signed()
    assert [httpx.post(url, content=BODY, headers=headers).status_code for _ in range(2)] == [
        204,
        204,
    ]
    line = "p-1  flag by model  #카페 irrelevant"
    assert said == [line, f"{line} (came before)"]


def test_over_http_an_older_decision_that_comes_late_is_seen(
    receiver: tuple[str, list[str]],
) -> None:
    url, said = receiver
    for name, sequence, decision in (("a", 8, "pass"), ("b", 7, "flag"), ("c", 9, "flag")):
        data = CALLBACK["data"] | {"decision": decision}
        body = json.dumps(CALLBACK | {"sequence": sequence, "data": data}).encode()
        httpx.post(url, content=body, headers=signed(body=body, name=name))
    assert [line.partition("카페")[2] for line in said] == [
        " irrelevant",
        " irrelevant (something newer came before)",
        " irrelevant",
    ]


def test_a_post_and_a_request_of_the_same_name_are_two(receiver: tuple[str, list[str]]) -> None:
    url, said = receiver
    chosen: dict[str, Any] = {"id": "p-1", "state": "done", "frames": [], "error": None}
    thumbnails = {"type": "thumbnails.done", "sequence": 6, "data": chosen}
    for name, callback in (("a", CALLBACK), ("b", thumbnails)):
        body = json.dumps(callback).encode()
        httpx.post(url, content=body, headers=signed(body=body, name=name))
    assert not any("newer" in line for line in said)


def test_it_remembers_the_last_callbacks_only() -> None:
    said: list[str] = []
    server = make_receiver([SECRET], 0, said.append, remembered=2)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ("a", "b", "b", "c", "a"):
        url = f"http://127.0.0.1:{server.server_port}/"
        httpx.post(url, content=BODY, headers=signed(name=name))
    server.shutdown()
    server.server_close()
    assert ["came before" in line for line in said] == [False, False, True, False, False]


@pytest.mark.parametrize("length", ["", "²", "-1", "1e3", "9" * 5000])
def test_a_length_that_is_none_is_refused(receiver: tuple[str, list[str]], length: str) -> None:
    url, _ = receiver
    connection = HTTPConnection(urlsplit(url).netloc)
    connection.putrequest("POST", "/")
    connection.putheader("content-length", length.encode())
    connection.endheaders()
    assert connection.getresponse().status == 411
    connection.close()


def test_over_http_a_forged_one_gets_401(receiver: tuple[str, list[str]]) -> None:
    url, said = receiver
    assert httpx.post(url, content=BODY, headers=signed(NEXT_SECRET)).status_code == 401
    assert said == ["refused: No matching signature found"]


def test_a_body_too_large_is_not_read(receiver: tuple[str, list[str]]) -> None:
    url, _ = receiver
    connection = HTTPConnection(urlsplit(url).netloc)
    connection.putrequest("POST", "/")
    connection.putheader("content-length", str(2**30))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_secrets_come_from_the_settings_file(tmp_path: Path) -> None:
    env = tmp_path / "tagsift.env"
    env.write_text(f"A=b\nTAGSIFT_WEBHOOK_SECRETS={SECRET}, {NEXT_SECRET}\n")
    assert read_secrets(env) == [SECRET, NEXT_SECRET]


def test_a_missing_settings_file_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--env", str(tmp_path / "gone.env")]) == 1
    assert "gone.env" in capsys.readouterr().err
