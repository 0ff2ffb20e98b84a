"""Copy promoted bundles into the data folder, so that nobody moves or deletes the live one."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import TypeVar

from classifiers import Bundle, BundleError
from classifiers.manifest import FILE_NAME
from items import ItemBundle

Kept = TypeVar("Kept", Bundle, ItemBundle)


def keep_copy(bundle: Kept, data: Path) -> Kept:
    """The bundle's copy ``bundles/<id>`` in the data folder, made if it is not there, and checked.

    Raises:
        BundleError, ItemBundleError: it cannot be written, or is not what was to be copied.
    """
    folder = data.resolve() / "bundles" / bundle.id
    if folder.is_dir():
        return type(bundle).load(folder)
    # The copy appears whole or not at all: a worker may look at any moment.
    draft = folder.with_name(f"{bundle.id}.{uuid.uuid4().hex}")
    try:
        draft.mkdir(parents=True)
        for name in (FILE_NAME, *bundle.manifest.files):
            shutil.copyfile(bundle.path / name, draft / name)
        if type(bundle).load(draft).id != bundle.id:
            raise BundleError(f"{bundle.path} was changed while it was read: try again.")
        draft.rename(folder)
    except OSError as error:
        raise BundleError(f"{folder} cannot be written ({error.strerror}).") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return type(bundle).load(folder)
