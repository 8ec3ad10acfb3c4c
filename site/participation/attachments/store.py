"""Where the bytes lie: outside the media folder, under names that say nothing (decision 17)."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from participation.attachments import caps
from participation.attachments.examining import Busy, Examined

logger = logging.getLogger(__name__)

ALIAS = "attachments"
_SMALL = ".small"


def storage() -> Storage:
    """The storage of citizens' files; it has no addresses."""
    return storages[ALIAS]


def keep(found: Examined) -> str:
    """Write the file, and of pictures the small one; returns the random name.

    Raises ``Busy`` when the disk is full or away: nothing is left behind then.
    """
    name = secrets.token_hex(24)
    name = f"{name[:2]}/{name}"
    try:
        _check_space()
        _save(name, found.path)
        if found.small is not None:
            _save(name + _SMALL, found.small)
    except OSError:
        logger.exception("A file could not be kept.")
        remove([name])
        raise Busy from None
    return name


def _save(name: str, path: Path) -> None:
    with path.open("rb") as file:
        if storage().save(name, File(file)) != name:
            raise OSError("The random name is taken.")


def _check_space() -> None:
    location = getattr(storage(), "location", "")
    place = Path(location) if location else None
    if place is None:
        return
    while not place.exists():
        place = place.parent
    if shutil.disk_usage(place).free < caps.FREE_BYTES:
        raise OSError("The disk is nearly full.")


def opened(name: str, *, small: bool) -> File[Any]:
    """The kept bytes, to be read and closed. Raises ``FileNotFoundError`` and other ``OSError``."""
    return storage().open(name + _SMALL if small else name, "rb")


def remove(names: Iterable[str]) -> None:
    """Delete bytes at once; what cannot be reached now is left to the sweep."""
    for name in names:
        for each in (name, name + _SMALL) if name else ():
            try:
                storage().delete(each)
            except OSError:
                logger.exception("A file could not be deleted.")


def remove_later(names: Iterable[str]) -> None:
    """The same once the transaction has committed: a row that stays must not lose its bytes."""
    gone = [name for name in names if name]
    if gone:
        transaction.on_commit(lambda: remove(gone), robust=True)


def everything() -> Iterator[tuple[str, str]]:
    """Each file on the disk: its own name, and the name the row would have."""
    try:
        folders, _files = storage().listdir("")
    except FileNotFoundError:
        return
    for folder in folders:
        for file in storage().listdir(folder)[1]:
            name = f"{folder}/{file}"
            yield name, name.removesuffix(_SMALL)
