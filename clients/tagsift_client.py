"""Talk to Tagsift from a platform: send posts, read verdicts, read feeds, delete.

One file to copy; needs ``httpx``, ``standardwebhooks`` and ``tenacity``::

    tagsift = Tagsift("https://tagsift.example", secret="whsec_…", api_key="…")
    tagsift.send(post, {"cup.jpg": Path("cup.jpg").read_bytes()})  # post["id"] is "p-1"
    print(tagsift.get("p-1")["decision"])
    key = tagsift.upload(Path("cup.jpg"))  # for {"upload": key} in a post

In the repository it is a program, too (``clients/program.py``), which reads address and secrets
from the ``tagsift.env`` that ``make run`` writes::

    python tagsift_client.py --env data/tagsift.env send posts.jsonl --wait

How a platform receives decisions is shown by ``callback_receiver.py``.
"""

from __future__ import annotations

import base64
import json
import mimetypes
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO, Self
from urllib.parse import quote

import httpx
from standardwebhooks.webhooks import Webhook, hmac_data
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_random_exponential

JSON = dict[str, Any]
ATTEMPTS = 6
LONGEST_WAIT_SECONDS = 30.0
TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
}
PIECE_BYTES = 256 * 2**10


class TagsiftError(Exception):
    """The service could not be reached, or said no; the text says why, ready to be shown.

    ``status`` is the HTTP status (None: no answer came), ``problem`` the RFC 9457 problem details.
    """

    def __init__(self, text: str, status: int | None = None, problem: JSON | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.problem = problem or {}


class _BytesWebhook(Webhook):
    """Standard Webhooks sign the raw body; the library takes text, and a photograph is none.

    Bytes that are no text pass through the library as lone surrogates (PEP 383).
    """

    def sign(self, msg_id: str, timestamp: datetime, data: str) -> str:
        head = f"{msg_id}.{int(timestamp.timestamp())}.".encode()
        digest = hmac_data(self._whsecret, head + data.encode("utf-8", "surrogateescape"))
        return f"v1,{base64.b64encode(digest).decode()}"


def sign(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """The three headers that sign exactly these bytes, now."""
    now = datetime.now(UTC)
    text = body.decode("utf-8", "surrogateescape")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": _BytesWebhook(secret).sign(message_id, now, text),
    }


class Tagsift:
    """A Tagsift service, as a platform sees it.

    Args:
        base_url: where the service is, such as ``https://tagsift.example``.
        secret: a ``whsec_…`` secret that posts are signed with.
        api_key: the bearer token for everything else.
    """

    def __init__(self, base_url: str, secret: str, api_key: str) -> None:
        self.base_url = base_url
        self.secret = secret
        self.api_key = api_key
        self._http = httpx.Client(base_url=base_url, timeout=30.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(self, post: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> JSON:
        """Hand over a post; returns once the service has promised to decide it.

        Sending the same id and revision again is safe: nothing is screened twice.

        Args:
            post: the post in wire format.
            files: photographs and videos by the name that ``{"part": name}`` in the post uses.

        Returns:
            ``{"id", "revision", "state", "status_url"}``.

        Raises:
            TagsiftError: refused, or not reached after some attempts.
        """
        content = json.dumps(post, ensure_ascii=False).encode()
        if files:
            # A named part with a file name each, so that the body is what the post refers to.
            parts = {
                name: (name, data, mimetypes.guess_type(name)[0]) for name, data in files.items()
            }
            request = self._http.build_request(
                "POST",
                "/v1/posts",
                files={"post": (None, content, "application/json"), **parts},
            )
            body, kind = request.read(), request.headers["content-type"]
        else:
            body, kind = content, "application/json"
        message_id = f"msg_{uuid.uuid4().hex}"  # stays the same when the post is sent once more

        def attempt() -> httpx.Response:
            headers = {"content-type": kind, **sign(self.secret, message_id, body)}
            return self._http.post("/v1/posts", content=body, headers=headers)

        return _json(_persist(attempt))

    def upload(self, file: Path, told: Callable[[int], object] = lambda _: None) -> str:
        """Put a photograph or video to a pre-signed URL, piece by piece.

        Args:
            file: its name tells its content type.
            told: is called with the bytes that are sent so far; after a broken connection it
                begins again.

        Returns:
            the key, for ``{"upload": key}`` in a post.

        Raises:
            TagsiftError: refused, or not reached after some attempts.
        """
        kind, size = TYPES.get(file.suffix.lower()), file.stat().st_size
        if kind is None:
            raise TagsiftError(f"{file} is no photograph or video by its name.")
        sent = {"filename": file.name[-200:], "content_type": kind, "size": size}
        begun = _json(self._call("POST", "/v1/uploads", json=sent))
        headers = {**begun["headers"], "Content-Length": str(size)}

        def attempt() -> httpx.Response:
            with file.open("rb") as content:
                pieces = _pieces(content, told)
                return self._http.request(
                    begun["method"], begun["url"], content=pieces, headers=headers
                )

        _persist(attempt)
        return str(begun["key"])

    def get(self, post_id: str) -> JSON:
        """What the service knows of a post: state, decision, verdicts with reasons, labels."""
        return _json(self._call("GET", f"/v1/posts/{quote(post_id, safe='')}"))

    def posts(self, **asked: str) -> Iterator[JSON]:
        """The posts of which something holds, the last received first, however many there are.

        Args:
            asked: any of ``state``, ``decision``, ``since``, ``until``, ``author``, ``hashtag``,
                and ``limit``, how many come in one answer.
        """
        return self._pages("/v1/posts", asked)

    def feed(self, tag: str, verdict: str = "relevant") -> Iterator[JSON]:
        """The posts of a hashtag with this verdict, newest first, however many pages they fill."""
        return self._pages(f"/v1/hashtags/{quote(tag, safe='')}/posts", {"verdict": verdict})

    def similar(self, post_id: str, **asked: str) -> Iterator[JSON]:
        """What looks like a post, the likest first, however many pages it fills.

        Args:
            asked: any of ``min`` (the least likeness), ``decision``, ``author``, ``hashtag``,
                ``category``, ``since``, and ``k``, how many come in one answer.
        """
        return self._pages(f"/v1/posts/{quote(post_id, safe='')}/similar", asked)

    def similar_to(self, what: Mapping[str, Any]) -> JSON:
        """One page of what looks like a photograph that is not stored.

        Args:
            what: ``{"image": {"url": …}}`` or ``{"image": {"base64": …}}``, or ``embedding`` and
                ``made_by``; and the parameters of ``similar``, ``cursor`` among them.
        """
        return _json(self._call("POST", "/v1/similar", json=dict(what)))

    def suggested(self, post_id: str, most: int = 10) -> list[JSON]:
        """Up to 50 hashtags, the surest first: ``{"tag", "confidence", "reason"}`` each."""
        path = f"/v1/posts/{quote(post_id, safe='')}/hashtags/suggested"
        return list(_json(self._call("GET", path, {"k": str(most)}))["hashtags"])

    def thumbnails(self, asked: Mapping[str, Any]) -> JSON:
        """Ask for a video's best frames (``video``, ``references``, ``k``); answers an ``id``."""
        return _json(self._call("POST", "/v1/thumbnails", json=dict(asked)))

    def chosen(self, request_id: str) -> JSON:
        """What came of a request for thumbnails: ``state``, ``frames``, ``error``."""
        return _json(self._call("GET", f"/v1/thumbnails/{quote(request_id, safe='')}"))

    def delete_thumbnails(self, request_id: str) -> None:
        """Make the service forget a request for thumbnails, and what was chosen."""
        self._call("DELETE", f"/v1/thumbnails/{quote(request_id, safe='')}")

    def thumbnail(self, request_id: str, rank: int) -> bytes:
        """The JPEG of a chosen frame, by its rank from 1."""
        path = f"/v1/thumbnails/{quote(request_id, safe='')}/frames/{rank}.jpg"
        return self._call("GET", path).content

    def channels(self, author_id: str, most: int = 10) -> list[JSON]:
        """Authors who post alike, the likest first: ``{"id", "mean", "best", "pairs"}`` each."""
        path = f"/v1/channels/{quote(author_id, safe='')}/similar"
        return list(_json(self._call("GET", path, {"k": str(most)}))["channels"])

    def _pages(self, path: str, asked: Mapping[str, str]) -> Iterator[JSON]:
        query = dict(asked)
        while True:
            page = _json(self._call("GET", path, query))
            yield from page["posts"]
            if not page.get("next_cursor"):
                return
            query["cursor"] = page["next_cursor"]

    def delete(self, post_id: str) -> None:
        """Make the service forget a post: photographs, embeddings and verdicts."""
        self._call("DELETE", f"/v1/posts/{quote(post_id, safe='')}")

    def put_item(self, item: Mapping[str, Any]) -> JSON:
        """Hand over something that can be recommended, or replace it: ``{"id", "state"}``.

        Args:
            item: in wire format; images by ``url``, ``base64`` or ``upload``.
        """
        return _json(self._call("POST", "/v1/items", json=dict(item)))

    def interact(self, events: Sequence[Mapping[str, Any]]) -> JSON:
        """Tell what people did, at most 1,000 at once: ``{"accepted", "known"}``."""
        return _json(self._call("POST", "/v1/interactions", json=[dict(one) for one in events]))

    def recommend(self, user_id: str, **asked: str) -> list[JSON]:
        """What to show a person, the best first: ``{"id", "kind", "score", "reason"}`` each.

        Args:
            asked: any of ``k``, at most so many, and ``language``, ko or en.
        """
        answer = _json(self._call("GET", "/v1/recommend", {"userid": user_id, **asked}))
        return list(answer["items"])

    def delete_item(self, item_id: str) -> None:
        """Make the service forget an item, and all that people did with it."""
        self._call("DELETE", f"/v1/items/{quote(item_id, safe='')}")

    def delete_user(self, user_id: str) -> JSON | None:
        """Make the service forget all that a person did.

        Returns the receipt: what was erased, and when. None: nothing was known of the person.
        """
        path = f"/v1/users/{quote(user_id, safe='')}"
        self._call("DELETE", path)
        try:
            return _json(self._call("GET", path))
        except TagsiftError as problem:
            if problem.status == httpx.codes.NOT_FOUND:
                return None
            raise

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        json: JSON | list[JSON] | None = None,
    ) -> httpx.Response:
        key = {"Authorization": f"Bearer {self.api_key}"}
        return _persist(
            lambda: self._http.request(method, path, params=query, json=json, headers=key)
        )


def _pieces(content: BinaryIO, told: Callable[[int], object]) -> Iterator[bytes]:
    count = 0
    while piece := content.read(PIECE_BYTES):
        yield piece
        count += len(piece)
        told(count)


def _json(response: httpx.Response) -> JSON:
    try:
        body: JSON = response.json()
    except ValueError:
        raise TagsiftError(
            f"{response.url} answered {response.status_code}, but not with JSON: is it Tagsift?"
        ) from None
    return body


def _persist(attempt: Callable[[], httpx.Response]) -> httpx.Response:
    """Make the request until it is answered for good."""

    def checked() -> httpx.Response:
        return attempt().raise_for_status()

    retrying = Retrying(
        retry=retry_if_exception(_may_pass),
        wait=_wait,
        stop=stop_after_attempt(ATTEMPTS),
        reraise=True,
    )
    try:
        return retrying(checked)
    except httpx.HTTPStatusError as error:
        raise _explain(error.response) from None
    except httpx.TransportError as error:
        raise TagsiftError(
            f"{error.request.url} cannot be reached ({error}): is the service running?"
        ) from None
    except ValueError as error:  # infinite numbers, and characters that are none
        raise TagsiftError(f"This cannot be sent as JSON: {error}.") from None


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.is_server_error or error.response.status_code == 429
    return isinstance(error, httpx.TransportError)


def _wait(state: RetryCallState) -> float:
    """Seconds before the next attempt: what the service asked for, else exponential with jitter."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, httpx.HTTPStatusError):
        asked = retry_after(error.response.headers.get("retry-after"))
        if asked is not None:
            return min(asked, LONGEST_WAIT_SECONDS)
    return wait_random_exponential(multiplier=0.25, max=LONGEST_WAIT_SECONDS)(state)


def retry_after(value: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (RFC 9110: seconds or a date), if it does."""
    if value is None:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # no date, or one without its zone
        return None


def _explain(response: httpx.Response) -> TagsiftError:
    try:
        problem: JSON = dict(response.json())
    except (ValueError, TypeError):  # not from the service itself, but from a proxy before it
        problem = {"detail": response.text[:200]}
    title = problem.get("title") or response.reason_phrase
    lines = [f"{response.status_code} {title}: {problem.get('detail') or 'no reason was given'}"]
    lines += [
        f"  {error.get('pointer') or 'the body'}: {error.get('detail')}"
        for error in problem.get("errors", [])
    ]
    return TagsiftError("\n".join(lines), response.status_code, problem)


if __name__ == "__main__":  # the program lies beside it, in the repository
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from clients.program import main

    sys.exit(main())
