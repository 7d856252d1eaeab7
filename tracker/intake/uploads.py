"""Files kept between the steps of an import, each under a random name that only its uploader can go on with."""

import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from tracker.core.audience import Audience, viewer_or_none
from tracker.core.db import reading

FOLDER = "uploads"
LARGEST_FILE_BYTES = 200_000_000
KEPT = timedelta(days=1)
TOKEN = re.compile(r"[0-9a-f]{32}")


class Upload:
    """A file in the instance folder, named after its owner and a random token; nothing of its own name is used."""

    @staticmethod
    def keep(file: FileStorage, owner_id: int) -> str:
        """Save what was sent and return the token that the next step asks with."""
        token = secrets.token_hex(16)
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        file.save(_file(token, owner_id))
        return token

    @staticmethod
    def path(token: str, owner_id: int) -> Path:
        """Where the file is. NotFound when there is none, or when it is somebody else's: the two look the same."""
        if not TOKEN.fullmatch(token) or not _file(token, owner_id).is_file():
            raise NotFound
        return _file(token, owner_id)

    @staticmethod
    def forget(token: str, owner_id: int) -> None:
        """Delete the file; doing it again changes nothing."""
        if TOKEN.fullmatch(token):
            _file(token, owner_id).unlink(missing_ok=True)


def forget_old_uploads(at: datetime) -> int:
    """Delete what has waited for more than a day: somebody went away half way. The number of files."""
    oldest = (at - KEPT).timestamp()
    old = [file for file in _folder().glob("*") if file.is_file() and file.stat().st_mtime < oldest]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(current_app.instance_path) / FOLDER


def _file(token: str, owner_id: int) -> Path:
    return _folder() / f"{owner_id:d}-{token}"


def let_admins_send_large_files() -> None:
    """Before anything reads the body of an upload; everybody else keeps the small limit of ordinary forms."""
    with reading():
        person = viewer_or_none()
    if person is not None and person.is_in(Audience.ADMINS):
        request.max_content_length = LARGEST_FILE_BYTES
