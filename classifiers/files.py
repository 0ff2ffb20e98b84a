"""The files of a bundle of any kind: a manifest that names each other file's SHA-256."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, StringConstraints, ValidationError

# A name makes a folder's name in the data folder, and must not lead out of it. A letter or digit
# first, in any language; not so long that a file system would refuse it.
PLAIN_NAME = r"^\w[\w .+-]{0,63}$"
PlainName = Annotated[str, StringConstraints(pattern=PLAIN_NAME)]

Wrong = Callable[[str], Exception]
Model = TypeVar("Model", bound=BaseModel)


def is_plain_name(name: str) -> bool:
    """Whether a bundle, or a file in it, may have a name."""
    return re.search(PLAIN_NAME.replace("$", r"\Z"), name) is not None


def sha256_of(path: Path) -> str:
    """A file's SHA-256, 64 hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def identity(name: str, manifest: bytes) -> str:
    """A bundle's id: its name and twelve digits of its manifest's SHA-256."""
    return f"{name}-{hashlib.sha256(manifest).hexdigest()[:12]}"


def read_json(path: Path, what: str, wrong: Wrong) -> tuple[object, bytes]:
    """What a manifest says, and its bytes. Raises ``wrong`` where it is missing or no JSON.

    ``what`` is what a folder without one is not, "model bundle". Text that cannot be written again
    (half of a surrogate pair) and lists in lists without end are refused, too.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise wrong(
            f"{path.parent} is no {what}: {path.name} cannot be read ({error.strerror})."
        ) from error
    try:
        found = json.loads(raw)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise wrong(f"{path} is not JSON that can be used: {error}.") from error
    return found, raw


def validated(model: type[Model], found: object, path: Path, wrong: Wrong) -> Model:
    """A manifest by its model. Raises ``wrong`` with the first field that does not fit."""
    try:
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        if first["type"] == "missing":
            told = f"{path} does not name {where}: is it of another kind of bundle?"
            raise wrong(told) from error
        why = first["msg"].removeprefix("Value error, ")  # as pydantic begins what we say ourselves
        raise wrong(f"{path}: {where}: {why}." if where else f"{path}: {why}.") from error


def check_files(
    folder: Path, files: Mapping[str, str], needed: Iterable[str], wrong: Wrong
) -> None:
    """Raises ``wrong`` unless ``files`` names all that is needed and each has its SHA-256."""
    for name in needed:
        if name not in files:
            raise wrong(f"{folder} is incomplete: its manifest does not name {name}.")
    for name, digest in files.items():
        if not is_plain_name(name):
            raise wrong(f"{folder}: the manifest names {name!r}, which is not a plain file name.")
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            raise wrong(f"{folder / name} cannot be read ({error.strerror}).") from error
        if found != digest:
            raise wrong(
                f"{folder / name} is not the file that the manifest describes (its SHA-256 "
                "differs): copy the whole bundle again."
            )
