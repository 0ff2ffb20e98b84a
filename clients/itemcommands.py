"""The commands of the program for items, and for what people do with them."""

from __future__ import annotations

import argparse
import base64
import json
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clients.tagsift_client import JSON, Tagsift, TagsiftError

Upload = Callable[[Tagsift, Path], str]
AT_ONCE = 1000  # interactions in one request
KINDS = ("view", "like", "save", "dislike")
COMMANDS = ("item", "interact", "recommend", "delete-item", "delete-user")


def add(commands: Any) -> None:
    """Add the commands to the program's."""
    item = commands.add_parser("item", help="send something that can be recommended")
    item.add_argument("--json", type=Path, help="a file with the item; what else is given counts")
    for name in ("id", "title", "text", "link"):
        item.add_argument(f"--{name}")
    item.add_argument("--year", type=int, help="when it was made")
    told = "else its letters tell; empty: for everybody"
    item.add_argument("--language", choices=("ko", "en", ""), help=told)
    item.add_argument("--tag", action="append", help="one of several", dest="tags", metavar="TAG")
    item.add_argument("--picture", type=Path, action="append", help="a file, one of several")
    item.add_argument("--upload", action="store_true", help="upload the pictures first")
    interact = commands.add_parser("interact", help="tell what a person did with an item or post")
    interact.add_argument("--json", type=Path, help="a file with an interaction a line, instead")
    for name in ("user", "item", "post"):
        interact.add_argument(f"--{name}", help="the platform's id")
    interact.add_argument("--kind", choices=KINDS, default="like", help="default: like")
    interact.add_argument("--value", type=float, help="how many seconds were watched")
    recommend = commands.add_parser("recommend", help="show what is recommended, a line each")
    recommend.add_argument("user")
    recommend.add_argument("--k", type=int, help="at most so many, 1 to 100")
    recommend.add_argument("--language", choices=("ko", "en"))
    gone = commands.add_parser("delete-item", help="forget an item and what was done with it")
    gone.add_argument("id")
    commands.add_parser("delete-user", help="forget all that a person did").add_argument("id")


def run(tagsift: Tagsift, arguments: argparse.Namespace, upload: Upload) -> Iterable[JSON]:
    """Run one of the commands.

    Returns:
        what it shows, a line each.
    """
    match arguments.command:
        case "item":
            return [tagsift.put_item(_item(tagsift, arguments, upload))]
        case "interact":
            events = _events(arguments)
            starts = range(0, len(events), AT_ONCE)
            return [tagsift.interact(events[start : start + AT_ONCE]) for start in starts]
        case "recommend":
            asked = {"k": arguments.k, "language": arguments.language}
            given = {name: str(value) for name, value in asked.items() if value is not None}
            return tagsift.recommend(arguments.user, **given)
        case "delete-item":
            tagsift.delete_item(arguments.id)
        case "delete-user":
            receipt = tagsift.delete_user(arguments.id)
            return [receipt] if receipt else []
    return []


def _item(tagsift: Tagsift, arguments: argparse.Namespace, upload: Upload) -> JSON:
    item: JSON = dict(_read(arguments.json)[0]) if arguments.json else {}
    for name in ("id", "title", "text", "link", "year", "language", "tags"):
        if getattr(arguments, name) is not None:
            item[name] = getattr(arguments, name)
    if "id" not in item:
        raise TagsiftError("An item needs an id: give --id or --json.")
    pictures = arguments.picture or []
    if arguments.upload:
        sources = [{"upload": upload(tagsift, path)} for path in pictures]
    else:
        sources = [{"base64": base64.b64encode(p.read_bytes()).decode()} for p in pictures]
    return item | {"images": [*item.get("images", []), *sources]}


def _events(arguments: argparse.Namespace) -> list[JSON]:
    if arguments.json:
        return _read(arguments.json)
    named = {name: getattr(arguments, name) for name in ("item", "post")}
    given = {name: {"id": value} for name, value in named.items() if value is not None}
    if arguments.user is None or len(given) != 1:
        raise TagsiftError("Give --user and one of --item and --post, or --json.")
    event: JSON = {
        "id": f"i-{uuid.uuid4().hex}",
        "user": {"id": arguments.user},
        "kind": arguments.kind,
        "at": datetime.now(UTC).isoformat(),
        **given,
    }
    return [event if arguments.value is None else event | {"value": arguments.value}]


def _read(path: Path) -> list[JSON]:
    """A JSON document, or one a line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TagsiftError(f"{path}: not JSON ({error}).") from None
    try:
        found = json.loads(text)
    except ValueError:
        found = [_line(path, n, line) for n, line in enumerate(text.splitlines(), 1) if line]
    documents: list[JSON] = found if isinstance(found, list) else [found]
    if not documents or not all(isinstance(one, dict) for one in documents):
        raise TagsiftError(f"{path} holds no JSON object.")
    return documents


def _line(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise TagsiftError(f"{path}, line {number}: not JSON ({error}).") from None
