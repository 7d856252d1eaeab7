"""A stranger’s zip: what leads out of it, is a bomb or is broken is refused in one sentence before anything is unpacked."""

import stat
import struct
import zipfile
from io import BytesIO

import pytest
from flask import Flask

from tests.scorm.packages import zipped
from tracker.scorm import archive
from tracker.scorm.archive import Archive
from tracker.scorm.refusals import UnreadablePackage

pytestmark = pytest.mark.usefixtures("app")


def sentence(app: Flask, body: bytes) -> str:
    with app.test_request_context(), pytest.raises(UnreadablePackage) as caught:
        _unpack(body)
    return caught.value.sentence


def _unpack(body: bytes) -> None:
    opened = Archive(BytesIO(body))
    for path in opened.paths:
        opened.bytes_of(path, 10**9)


def test_files_come_by_their_paths_without_droppings() -> None:
    body = zipped({"a/b.html": "x", "c\\d.js": "y", "__MACOSX/._a": "z", "a/.DS_Store": "z", "e/": ""})
    opened = Archive(BytesIO(body))
    assert opened.paths == ["a/b.html", "c/d.js"]
    assert opened.bytes_of("c/d.js", 10) == b"y"


def test_names_in_utf_8_that_do_not_say_so_are_read() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("xxxxxxxxxxxx", "x")
    body = bytearray(out.getvalue().replace(b"xxxxxxxxxxxx", "größe.html".encode()))
    assert Archive(BytesIO(bytes(body))).paths == ["größe.html"]


@pytest.mark.parametrize(
    "path", ["../a", "a/../../b", "/etc/passwd", "C:\\a", "c:a", "a//b", "..\\a", "a/./b", "a\nb", "x" * 401]
)
def test_paths_that_lead_out_are_refused(app: Flask, path: str) -> None:
    assert "leads out of it" in sentence(app, zipped({path: "x"}))


def test_a_symbolic_link_is_refused(app: Flask) -> None:
    out = BytesIO()
    link = zipfile.ZipInfo("passwd")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(link, "/etc/passwd")
    assert "is a link" in sentence(app, out.getvalue())


def test_a_bomb_is_refused_before_any_of_it_is_unpacked(app: Flask) -> None:
    """What is in it is damaged, which only whoever unpacks it finds."""
    body = bytearray(zipped({"a.txt": b"\0" * 60_000_000}))
    body[1_000:2_000] = b"\xff" * 1_000
    assert "far more than is in it" in sentence(app, bytes(body))


def test_more_than_a_gigabyte_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 5)
    assert "larger than 1 GB" in sentence(app, zipped({"a": "123", "b": "456"}))


def test_a_file_that_holds_more_than_it_says_gives_no_more(app: Flask) -> None:
    """A lie in the directory: what is read is never longer than what was checked."""
    body = bytearray(zipped({"a.txt": "0123456789" * 100}))
    place = body.rindex(b"PK\x01\x02")
    body[place + 24 : place + 28] = struct.pack("<I", 7)
    assert "damaged" in sentence(app, bytes(body))


def test_more_than_twenty_thousand_files_are_refused(app: Flask) -> None:
    body = bytearray(zipped({"a": "x"}))
    place = body.rindex(b"PK\x05\x06")
    body[place + 10 : place + 12] = struct.pack("<H", 20_001)
    assert "more than 20000 files" in sentence(app, bytes(body))


def test_a_directory_of_megabytes_is_refused_whatever_it_counts(app: Flask) -> None:
    body = bytearray(zipped({"a": "x"}))
    place = body.rindex(b"PK\x05\x06")
    body[place + 12 : place + 16] = struct.pack("<I", 50_000_000)
    assert "more than 20000 files" in sentence(app, bytes(body))


def test_a_password_is_told(app: Flask) -> None:
    body = bytearray(zipped({"a": "x"}))
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        body[body.index(sign) + offset] |= 1
    assert "password" in sentence(app, bytes(body))


def test_an_unusual_packing_is_told(app: Flask) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a", "x")
    assert "packed in a way" in sentence(app, out.getvalue())


@pytest.mark.parametrize(
    "body",
    [b"", b"no zip", b"PK\x05\x06" + b"\0" * 5, zipped({"a": "x"})[:-10]],
    # Named: a zip holds the minute it was made in, and two processes must find the same tests.
    ids=["empty", "words", "a broken end", "cut off"],
)
def test_what_is_no_zip_is_told(app: Flask, body: bytes) -> None:
    assert "no zip" in sentence(app, body)


def test_a_damaged_file_is_named(app: Flask) -> None:
    body = bytearray(zipped({"a.txt": "hello there, hello there"}))
    body[body.index(b"a.txt") + 8] ^= 0xFF
    assert "“a.txt” in the package is damaged" in sentence(app, bytes(body))


def test_a_file_twice_is_told(app: Flask) -> None:
    assert "twice" in sentence(app, zipped({"a/b": "x", "a\\b": "y"}))
