"""Examples of each operation, with curl and in Python.

Address, key and secret are taken from the environment: nobody pastes a secret into an example.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

OTHER_IDS = {
    "appeals": "a-1",
    "channels": "u-7",
    "items": "i-1",
    "users": "u-7",
    "thumbnails": "0f" * 16,
}
PATHS = {"id": "p-1", "tag": "cafe", "key": "0f" * 16, "rank": "1"}
QUERIES: Mapping[str, Mapping[str, str]] = {
    "listPosts": {"decision": "flag", "since": "2026-11-20T00:00:00Z"},
    "listSimilarPosts": {"k": "10", "min": "0.8"},
    "listPostsOfHashtag": {"verdict": "relevant"},
    "suggestHashtags": {"k": "5"},
    "recommend": {"userid": "u-7", "k": "20"},
}
BODIES: Mapping[str, Mapping[str, Any]] = {
    "sendPost": {
        "id": "p-1",
        "revision": 1,
        "author": {"id": "u-7"},
        "caption": "Coffee of the day",
        "hashtags": ["cafe", "ootd"],
        "created_at": "2026-11-20T12:00:00Z",
        "images": [{"url": "https://images.example/1.jpg"}],
    },
    "sendAppeal": {"id": "a-1", "text": "There is a coffee in the second photograph."},
    "searchSimilarPosts": {"image": {"url": "https://images.example/1.jpg"}, "k": 10},
    "beginUpload": {"filename": "cup.jpg", "content_type": "image/jpeg", "size": 2483111},
    "askForThumbnails": {"video": {"url": "https://videos.example/1.mp4"}, "k": 3},
    "sendItem": {"id": "i-1", "title": "A walk by the sea", "tags": ["sea"]},
    "sendInteractions": {
        "id": "e-1",
        "user": {"id": "u-7"},
        "item": {"id": "i-1"},
        "kind": "like",
        "at": "2026-11-20T12:00:00Z",
    },
}
FILES = frozenset(("readThumbnail",))  # JPEGs
NO_ANSWER = frozenset(("deleteItem", "deleteThumbnails", "deleteUser"))  # 204
SIGNED = "sendPost"
PUT = "putUpload"  # to the URL that the operation before answered, without a key

_SIGN_SH = """\
id=msg_$(date +%s%N) now=$(date +%s)
key=$(printf %s "${{TAGSIFT_SECRET#whsec_}}" | base64 -d | od -An -tx1 | tr -d ' \\n')
signature=$(printf %s "$id.$now.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl --fail-with-body "$TAGSIFT_URL{path}" -H 'content-type: application/json' --data-binary "$body" \\
  -H "webhook-id: $id" -H "webhook-timestamp: $now" -H "webhook-signature: v1,$signature"
"""  # noqa: E501  # a line of a shell
_SIGN_PY = """\
import base64, hashlib, hmac, json, time, uuid
from os import environ
import httpx

body = json.dumps({body}).encode()
identity, now = "msg_" + uuid.uuid4().hex, str(int(time.time()))
key = base64.b64decode(environ["TAGSIFT_SECRET"].removeprefix("whsec_"))
mac = hmac.new(key, f"{{identity}}.{{now}}.".encode() + body, hashlib.sha256)
answer = httpx.post(
    environ["TAGSIFT_URL"] + "{path}",
    content=body,
    headers={{
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": now,
        "webhook-signature": "v1," + base64.b64encode(mac.digest()).decode(),
    }},
)
answer.raise_for_status()
print(answer.json())
"""
_CALL_PY = """\
from os import environ
import httpx

answer = httpx.{method}(
    environ["TAGSIFT_URL"] + "{path}",
    headers={{"Authorization": "Bearer " + environ["TAGSIFT_KEY"]}},
{more})
answer.raise_for_status()
print(answer.{shown})
"""
_PUT_SH = """\
curl --fail-with-body -X PUT "$TAGSIFT_UPLOAD_URL" -H 'content-type: image/jpeg' --data-binary @cup.jpg
"""  # noqa: E501  # a line of a shell
_PUT_PY = """\
from os import environ
from pathlib import Path
import httpx

answer = httpx.put(
    environ["TAGSIFT_UPLOAD_URL"],
    content=Path("cup.jpg").read_bytes(),
    headers={"content-type": "image/jpeg"},
)
answer.raise_for_status()
print(answer.text)
"""


def curl(operation: str, method: str, path: str) -> str:
    """The operation with curl, in a shell."""
    path, body = _address(operation, path), BODIES.get(operation)
    if operation == SIGNED:
        return f"body='{json.dumps(body)}'\n" + _SIGN_SH.format(path=path)
    if operation == PUT:
        return _PUT_SH
    verb = "" if method == "get" else f" -X {method.upper()}"
    lines = [f'curl --fail-with-body{verb} "$TAGSIFT_URL{path}"']
    lines.append('-H "Authorization: Bearer $TAGSIFT_KEY"')
    if operation in FILES:
        lines.append("--output thumbnail.jpg")
    if body:
        lines.append(f"-H 'content-type: application/json' --data-binary '{json.dumps(body)}'")
    return " \\\n  ".join(lines) + "\n"


def python(operation: str, method: str, path: str) -> str:
    """The operation in Python, with httpx."""
    path, body = _address(operation, path), BODIES.get(operation)
    if operation == SIGNED:
        return _SIGN_PY.format(path=path, body=json.dumps(body))
    if operation == PUT:
        return _PUT_PY
    more = f"    json={json.dumps(body)},\n" if body else ""
    shown = "status_code" if operation in NO_ANSWER else "json()"
    if operation in FILES:
        shown = "content[:4]"
    return _CALL_PY.format(method=method, path=path, more=more, shown=shown)


def _address(operation: str, path: str) -> str:
    of = path.split("/")[2]
    values = PATHS | ({"id": OTHER_IDS[of]} if of in OTHER_IDS else {})
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = QUERIES.get(operation)
    return f"{path}?{urlencode(query)}" if query else path
