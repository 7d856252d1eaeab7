"""DATA_KEY: under it lies what only its author reads. It is set, or made once into KEY_DIR when it is first needed.

Never in the database, and so in no copy of it. Made late, because only that tells a new instance from one whose key was lost.
"""

import os
import secrets
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from tracker.core.errors import Refused

FILE = "data_key"
BYTES = 32


class NoKey(Exception):
    """There is none here: it was never made, or its file is gone."""


def data_key() -> bytes:
    """The key as it is set or kept; NoKey where there is none."""
    given: str = current_app.config["DATA_KEY"]
    if given:
        return given.encode()
    try:
        return _file().read_bytes().strip()
    except OSError as error:
        raise NoKey from error


def data_key_made() -> bytes:
    """The key, made now if there is none; Refused where it cannot be kept."""
    try:
        return data_key()
    except NoKey:
        try:
            _make(_file())
        except OSError as error:
            raise Refused(
                _(
                    "Private notes can’t be kept here: the folder for keys can’t be written. Tell who runs this instance."
                )
            ) from error
        return data_key()


def _file() -> Path:
    return Path(current_app.config["KEY_DIR"]) / FILE


def _make(file: Path) -> None:
    """Written whole beside it and linked into its place: of two processes that begin at once both go on with the first one's."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_hex(BYTES))
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()
