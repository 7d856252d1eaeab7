"""The key of a round: a file in KEY_DIR, made when the round opens, unlinked when it has closed; never in the database or a backup."""

import os
import secrets
from pathlib import Path

from flask import current_app

BYTES = 32


class KeyGone(Exception):
    """The file of a round's key is not there, or cannot be read."""


def make_key() -> str:
    """Makes a key and gives the name of its file. It is on disk before anybody can answer under it."""
    name = f"pulse-{secrets.token_hex(8)}"
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secrets.token_bytes(BYTES))
        out.flush()
        os.fsync(out.fileno())
    _settle(folder)
    return name


def key(name: str) -> bytes:
    try:
        found = (_folder() / name).read_bytes()
    except OSError as error:
        raise KeyGone from error
    if len(found) != BYTES:
        raise KeyGone
    return found


def destroy_key(name: str) -> None:
    """Overwritten, then unlinked; again is as good as once."""
    path = _folder() / name
    try:
        with path.open("r+b") as out:
            out.write(bytes(BYTES))
            out.flush()
            os.fsync(out.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """A folder remembers what was put in or taken out only once it is written itself."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder() -> Path:
    return Path(current_app.config["KEY_DIR"])
