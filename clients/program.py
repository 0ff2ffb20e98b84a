"""The platform's side as a program: `python clients/tagsift_client.py send posts.jsonl --wait`."""

from __future__ import annotations

import argparse
import base64
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from clients import itemcommands, thumbnailcommands
from clients.environment import connect
from clients.tagsift_client import JSON, Tagsift, TagsiftError

POLL_SECONDS = 0.5
FILTERS = {
    "state": "pending, decided, superseded or deleted",
    "decision": "pass, flag or review",
    "since": "received at this moment or later, such as 2026-11-20T12:00:00Z",
    "until": "received before this moment",
    "author": "the platform's id of the author",
    "hashtag": "in any spelling",
}
LIKENESS = {
    "k": "posts in one answer, 1 to 100",
    "min": "the least likeness, 0 to 1",
    "decision": "pass, flag or review",
    "author": "the platform's id of the author",
    "hashtag": "in any spelling",
    "category": "one of the hashtags is of this category",
    "since": "received at this moment or later, such as 2026-11-20T12:00:00Z",
}


MEDIA = ("images", "videos")


def read_posts(path: Path, photos: Path) -> list[tuple[JSON, dict[str, bytes]]]:
    """The posts of a JSON Lines file, each with the photographs and videos that it names.

    Raises:
        TagsiftError: the file or one that it names cannot be read, or a line is not a post.
    """
    posts, number = [], 0
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            number += 1
            if not line.strip():
                continue
            post = json.loads(line)
            given = [post[field] for field in MEDIA if field in post]
            if not given:
                raise LookupError("neither images nor videos")
            names = [one["part"] for sources in given for one in sources if "part" in one]
            posts.append((post, {name: (photos / name).read_bytes() for name in names}))
    except OSError as error:
        raise TagsiftError(f"{error.filename} cannot be read: {error.strerror}.") from None
    except (ValueError, LookupError, TypeError) as error:
        raise TagsiftError(f"{path}, line {number}: not a post in wire format ({error}).") from None
    return posts


def upload(tagsift: Tagsift, file: Path) -> str:
    """Upload a file, with a bar where somebody looks; returns its key."""
    size = file.stat().st_size
    with tqdm(desc=file.name, total=size, unit="B", unit_scale=True, disable=None) as bar:

        def told(count: int) -> None:
            bar.update(count - bar.n)

        return tagsift.upload(file, told)


def with_uploads(tagsift: Tagsift, post: JSON, photos: Path) -> JSON:
    """The post with an upload of its own in place of each file that would be sent with it."""

    def instead(source: JSON) -> JSON:
        return {"upload": upload(tagsift, photos / source["part"])} if "part" in source else source

    given = {field: post[field] for field in MEDIA if field in post}
    return post | {field: [instead(one) for one in sources] for field, sources in given.items()}


def send_all(tagsift: Tagsift, posts: Sequence[tuple[JSON, dict[str, bytes]]]) -> list[str]:
    """Send posts, saying how it goes; returns the ids of those that were taken."""
    taken: list[str] = []
    for post, files in posts:
        try:
            taken.append(str(tagsift.send(post, files)["id"]))
            _progress("sent", len(taken), len(posts))
        except TagsiftError as error:
            print(f"\n{post.get('id')} was not taken: {error}", file=sys.stderr)
            if error.status in {None, 401}:
                break  # nobody is there, or the secret is wrong: the next would fare no better
    if len(taken) < len(posts):
        print(f"{len(taken)} of {len(posts)} posts were taken", file=sys.stderr)
    return taken


def wait_for(tagsift: Tagsift, ids: Sequence[str], seconds: float) -> dict[str, JSON]:
    """The answers of posts by id, once they are decided or the time is over."""
    answers: dict[str, JSON] = {}
    deadline = time.monotonic() + seconds
    while True:
        for post_id in ids:
            if answers.get(post_id, {}).get("state", "pending") == "pending":
                answers[post_id] = tagsift.get(post_id)
        pending = sum(answer["state"] == "pending" for answer in answers.values())
        _progress("screened", len(ids) - pending, len(ids))
        if not pending or time.monotonic() > deadline:
            return answers
        time.sleep(POLL_SECONDS)


def _progress(verb: str, done: int, total: int) -> None:
    line = f"{verb:<9} {'█' * (24 * done // max(total, 1)):<24} {done}/{total}"
    if sys.stderr.isatty():
        print(f"\r{line}", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done == total:  # a log gets the last line only
        print(line, file=sys.stderr)


def table(answers: Mapping[str, JSON]) -> str:
    """Posts, decisions and verdicts as lines of text."""
    width = max([4, *map(len, answers)])
    lines = [f"{'POST':<{width}}  DECISION    HASHTAGS"]
    for post_id, answer in answers.items():
        tags = "  ".join(f"#{tag['tag']} {tag['verdict']}" for tag in answer.get("hashtags", []))
        decision = answer.get("decision") or answer["state"]
        lines.append(f"{post_id:<{width}}  {decision:<10}  {tags}".rstrip())
    return "\n".join(lines)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Talk to Tagsift as a platform does.")
    parser.add_argument(
        "--env", type=Path, default=Path("data/tagsift.env"), help="settings, as `make run` writes"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    send = commands.add_parser("send", help="send the posts of a JSON Lines file")
    send.add_argument("posts", type=Path)
    send.add_argument("--photos", type=Path, help="folder of the parts (default: photos beside it)")
    send.add_argument(
        "--upload", action="store_true", help="upload the photographs and videos first"
    )
    send.add_argument("--wait", action="store_true", help="wait for the verdicts and show them")
    send.add_argument("--seconds", type=float, default=120.0, help="longest wait (default: 120)")
    uploads = commands.add_parser("upload", help="upload a photograph or video, show its key")
    uploads.add_argument("file", type=Path)
    commands.add_parser("get", help="show what is known of a post").add_argument("id")
    commands.add_parser("delete", help="make the service forget a post").add_argument("id")
    listed = commands.add_parser("list", help="show posts, the last received first, a line each")
    for name in FILTERS:
        listed.add_argument(f"--{name}", help=FILTERS[name])
    similar = commands.add_parser("similar", help="show what looks like a post or a photograph")
    similar.add_argument("id", nargs="?", help="of the post; or give --photo")
    similar.add_argument("--photo", type=Path, help="a photograph's file, which is not stored")
    for name in LIKENESS:
        similar.add_argument(f"--{name}", help=LIKENESS[name])
    suggested = commands.add_parser("suggested", help="show hashtags for a post, a JSON line each")
    suggested.add_argument("id")
    suggested.add_argument("--k", type=int, default=10, help="at most so many, 1 to 50")
    thumbnailcommands.add(commands)
    channels = commands.add_parser("channels", help="show authors whose photographs look alike")
    channels.add_argument("id", help="of the author")
    channels.add_argument("--k", type=int, default=10, help="at most so many, 1 to 20")
    feed = commands.add_parser("feed", help="show the posts of a hashtag, a JSON line each")
    feed.add_argument("tag")
    feed.add_argument("--verdict", default="relevant")
    itemcommands.add(commands)
    return parser.parse_args(words)


def _send(tagsift: Tagsift, arguments: argparse.Namespace) -> int:
    photos = arguments.photos or arguments.posts.parent / "photos"
    posts = read_posts(arguments.posts, photos)
    if arguments.upload:
        posts = [(with_uploads(tagsift, post, photos), {}) for post, _ in posts]
    taken = send_all(tagsift, posts)
    complete = len(taken) == len(posts)
    if arguments.wait and taken:
        answers = wait_for(tagsift, taken, arguments.seconds)
        print(table(answers))
        complete &= all(answer["state"] != "pending" for answer in answers.values())
    return 0 if complete else 1


def _similar(tagsift: Tagsift, arguments: argparse.Namespace) -> Iterable[JSON]:
    asked = {name: value for name in LIKENESS if (value := getattr(arguments, name))}
    if (arguments.id is None) == (arguments.photo is None):
        raise TagsiftError("Give the id of a post or --photo, one of both.")
    if arguments.photo is None:
        return tagsift.similar(arguments.id, **asked)
    image = {"base64": base64.b64encode(arguments.photo.read_bytes()).decode()}
    found: list[JSON] = tagsift.similar_to({"image": image, **asked})["posts"]
    return found


def _listed(tagsift: Tagsift, arguments: argparse.Namespace) -> Iterable[JSON]:
    """What a command shows, a JSON line each."""
    match arguments.command:
        case "list":
            asked = {name: value for name in FILTERS if (value := getattr(arguments, name))}
            return tagsift.posts(**asked)
        case "similar":
            return _similar(tagsift, arguments)
        case "suggested":
            return tagsift.suggested(arguments.id, arguments.k)
        case "channels":
            return tagsift.channels(arguments.id, arguments.k)
        case command if command in itemcommands.COMMANDS:
            return itemcommands.run(tagsift, arguments, upload)
        case _:
            return tagsift.feed(arguments.tag, arguments.verdict)


def _run(tagsift: Tagsift, arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "send":
            return _send(tagsift, arguments)
        case command if command in thumbnailcommands.COMMANDS:
            thumbnailcommands.run(tagsift, arguments, upload)
        case "upload":
            print(upload(tagsift, arguments.file))
        case "get":
            print(json.dumps(tagsift.get(arguments.id), ensure_ascii=False, indent=2))
        case "delete":
            tagsift.delete(arguments.id)
        case _:
            for one in _listed(tagsift, arguments):
                print(json.dumps(one, ensure_ascii=False))
    return 0


def main(words: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit status (0: all done, 1: something was refused)."""
    try:
        arguments = _arguments(words)
        with connect(arguments.env) as tagsift:
            return _run(tagsift, arguments)
    except TagsiftError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"This did not work: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 1
