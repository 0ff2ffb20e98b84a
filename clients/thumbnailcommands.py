"""The program's commands for thumbnails."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clients.tagsift_client import JSON, Tagsift, TagsiftError

POLL_SECONDS = 0.5
COMMANDS = ("thumbnails", "delete-thumbnails")
EXTRAS = {
    "latent": "tell how far each frame is from the style by the service's autoencoder",
    "engagement": "tell what the service's engagement bundle guesses from each frame",
}

Upload = Callable[[Tagsift, Path], str]


def add(commands: Any) -> None:
    """Add the commands to the program's."""
    best = commands.add_parser("thumbnails", help="choose a video's best frames, and fetch them")
    best.add_argument("video", metavar="FILE|URL")
    style = best.add_mutually_exclusive_group()
    style.add_argument("--references", nargs="+", metavar="FILE|URL", help="pictures of the style")
    style.add_argument("--channel", help="the style of what this author posted")
    style.add_argument("--category", help="the style of posts of this category")
    for name, text in EXTRAS.items():
        best.add_argument(f"--{name}", action="store_true", help=text)
    best.add_argument("-k", type=int, default=3, help="how many frames, 1 to 20 (default: 3)")
    told = "folder of the JPEGs (default: chosen)"
    best.add_argument("--out", type=Path, default=Path("chosen"), help=told)
    best.add_argument("--seconds", type=float, default=300.0, help="longest wait (default: 300)")
    gone = commands.add_parser("delete-thumbnails", help="make the service forget what was chosen")
    gone.add_argument("id", help="as `thumbnails` shows it")


def run(tagsift: Tagsift, arguments: argparse.Namespace, upload: Upload) -> None:
    """Run one of the commands. Raises TagsiftError where nothing could be chosen in the time."""
    if arguments.command == "delete-thumbnails":
        tagsift.delete_thumbnails(arguments.id)
        return
    answer = thumbnails(tagsift, _asked(tagsift, arguments, upload), arguments.seconds)
    print(f"request {answer['id']}", file=sys.stderr)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for rank, frame in enumerate(answer["frames"], 1):
        file = arguments.out / f"{answer['id'][:8]}-{rank}-{frame['time']:.2f}s.jpg"
        file.write_bytes(tagsift.thumbnail(answer["id"], rank))
        print(f"{file}  {frame['score']:.2f}  {frame['reason']['en']}")
        if latent := frame["latent"]:
            print(f"  latent distance to the nearest references: {latent['distance']:.2f}")
        if guess := frame["engagement"]:
            print(f"  guess: {guess['target']} x{guess['factor']:.2f}. {guess['note']['en']}")


def thumbnails(tagsift: Tagsift, asked: JSON, seconds: float) -> JSON:
    """Ask for a video's best frames, and wait until they are chosen.

    Raises:
        TagsiftError: nothing could be chosen, or not in the time.
    """
    request_id = tagsift.thumbnails(asked)["id"]
    deadline = time.monotonic() + seconds
    while (answer := tagsift.chosen(request_id))["state"] == "pending":
        if time.monotonic() > deadline:
            raise TagsiftError(f"{request_id} is still pending after {seconds:g} seconds.")
        time.sleep(POLL_SECONDS)
    if answer["state"] == "failed":
        raise TagsiftError(f"Nothing could be chosen: {answer['error']['message']}")
    return answer


def _asked(tagsift: Tagsift, arguments: argparse.Namespace, upload: Upload) -> JSON:
    def source(named: str) -> JSON:
        """A URL as it is, or the upload of a file."""
        if named.startswith(("http://", "https://")):
            return {"url": named}
        return {"upload": upload(tagsift, Path(named))}

    asked: JSON = {"video": source(arguments.video), "k": arguments.k}
    if arguments.references:
        asked["references"] = [source(one) for one in arguments.references]
    for style in ("channel", "category"):
        if getattr(arguments, style):
            asked["references"] = {style: getattr(arguments, style)}
    if extras := [name for name in EXTRAS if getattr(arguments, name)]:
        asked["extras"] = extras
    return asked
