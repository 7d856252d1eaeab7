"""Small true files of every kind, and some that only pretend."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

from werkzeug.test import TestResponse

from tests.conftest import Browser
from tests.factories import an_author
from tests.scorm.packages import a_zip
from tracker.core.db import db
from tracker.courses.files import Sent, add_file
from tracker.courses.models import CourseFile, CourseVersion


def png(color: int = 120) -> bytes:
    """A picture of one grey point."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes([0, color]))), (b"IEND", b"")]
    packed = (struct.pack(">I", len(d)) + name + d + struct.pack(">I", zlib.crc32(name + d)) for name, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def film(size: int = 100) -> bytes:
    """What begins as an MP4 does, and then counts, so that every piece of it is known."""
    begins = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    return (begins + bytes(range(251)) * (size // 251 + 1))[:size]


def package(names: tuple[str, ...] = ()) -> bytes:
    """A learning package with one page; or a zip of files of these names, which is none."""
    if not names:
        return a_zip("1.2")
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "<manifest/>")
    return target.getvalue()


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\xff\xd9"
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00;"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00"
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87\x81\x02"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def send(browser: Browser, url: str, content: bytes, name: str, **fields: str) -> TestResponse:
    """A form with one file as a browser sends it. (Werkzeug's own client leaves a large body's temporary file open.)"""
    parts = [
        f'--part\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in {"csrf_token": browser.csrf_token, **fields}.items()
    ]
    told = name.replace('"', "%22")
    parts.append(f'--part\r\nContent-Disposition: form-data; name="file"; filename="{told}"\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--part--\r\n"
    db.session.rollback()
    with browser.app.app_context():
        return browser.client.post(url, data=body, content_type="multipart/form-data; boundary=part")


def kept(version: CourseVersion, content: bytes, name: str) -> CourseFile:
    """The content as a file of the version's course."""
    every = ("picture", "film", "pdf", "package")
    file = add_file(
        version.course_id, Sent(BytesIO(content), name), groups=every, by=an_author().id, at=version.changed_at
    )
    db.session.flush()
    return file
