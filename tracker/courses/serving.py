"""A course's file as an answer: whole or a range of it, never again when the browser has it, and harmless whatever is in it."""

from flask import Response, request, stream_with_context
from werkzeug.http import quote_etag

from tracker.courses.file_kinds import GROUPS
from tracker.courses.files import read
from tracker.courses.models import CourseFile

# An open range (“from here on”, as a film asks) is answered this far at most, and the browser asks on: a thread of the server
# would else be held by a slow telephone until the film is through.
MOST_AT_ONCE = 8 * 1024 * 1024
HARMLESS = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
SHOWN = {"picture", "film", "pdf"}
NOTHING = (0, -1)  # a range that begins behind the end


def file_response(file: CourseFile) -> Response:
    """200, 206, 304 or 416, after what the request asks for."""
    etag = file.sha256
    if request.if_none_match.contains(etag):
        return _with_headers(Response(status=304), file)
    wanted = _wanted(file)
    if wanted == NOTHING:
        return Response(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    if wanted is None:
        response = Response(stream_with_context(read(file.id, 0, file.size - 1)), mimetype=file.media_type)
        response.content_length = file.size
        return _with_headers(response, file)
    first, last = wanted
    response = Response(stream_with_context(read(file.id, first, last)), status=206, mimetype=file.media_type)
    response.content_length = last - first + 1
    response.headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return _with_headers(response, file)


def _wanted(file: CourseFile) -> tuple[int, int] | None:
    """The first and the last byte asked for; NOTHING; None for all of it. Several ranges at once are answered with all of it."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    if request.if_range.etag is not None and request.if_range.etag != file.sha256:
        return None
    first, end = asked.ranges[0]
    if first < 0:  # the last so many bytes
        first, end = max(file.size + first, 0), file.size
    if first >= file.size:
        return NOTHING
    last = min(first + MOST_AT_ONCE, file.size) if end is None else min(end, file.size)
    return first, last - 1


def _with_headers(response: Response, file: CourseFile) -> Response:
    how = "inline" if GROUPS.get(file.media_type) in SHOWN else "attachment"
    headers = response.headers
    headers["Content-Disposition"] = f'{how}; filename="{file.name}"'  # its name is plain: see file_kinds.name_for
    headers["Content-Security-Policy"] = HARMLESS
    headers["ETag"] = quote_etag(file.sha256)
    headers["Accept-Ranges"] = "bytes"
    headers["Cache-Control"] = "private, no-cache"  # kept, and asked about each time: the right to see it may be over
    return response
