"""Packages made for the tests: zips with manifests as tools write them, and pages that look for their API as ADL says."""

import hashlib
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from tests.factories import a_course
from tracker.core.db import db
from tracker.courses.models import CourseFile, CourseFilePart, CourseVersion
from tracker.organisation.models import Person
from tracker.training.learning_models import CourseRun

AT = datetime(2026, 11, 18, 9, tzinfo=UTC)
LESSON = "play"

# The search of ADL's own template: up through the parents, then through who opened the window.
FIND_API = """
function scan(win, name) { var tries = 0;
  while (!win[name] && win.parent && win.parent !== win && tries++ < 500) win = win.parent;
  return win[name] || null; }
function find(name) { return scan(window, name) || (window.opener ? scan(window.opener, name) : null); }
"""
# Three pages in one, with a bookmark, suspend data and a score; talks either language of SCORM.
SCO = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Course</title><script>
%(find)s
var is2004 = %(is2004)s, api = find(is2004 ? "API_1484_11" : "API"), left = false;
var call = function (name) { return api[(is2004 ? "" : "LMS") + name].apply(api, [].slice.call(arguments, 1)); };
var get = function (one, two) { return call("GetValue", is2004 ? two : one); };
var set = function (one, two, value) { return call("SetValue", is2004 ? two : one, value); };
var page = 0, pages = ["Welcome", "The counter", "The end"];
function show() { document.querySelector("h1").textContent = pages[page];
  set("cmi.core.lesson_location", "cmi.location", String(page));
  set("cmi.suspend_data", "cmi.suspend_data", "seen:" + (page + 1)); call("Commit", ""); }
function start() {
  if (call(is2004 ? "Initialize" : "Initialize", "") !== "true") throw new Error("no session");
  document.querySelector("#who").textContent = get("cmi.core.student_name", "cmi.learner_name");
  document.querySelector("#entry").textContent = get("cmi.core.entry", "cmi.entry");
  document.querySelector("#data").textContent = get("cmi.suspend_data", "cmi.suspend_data");
  page = Number(get("cmi.core.lesson_location", "cmi.location") || 0);
  if (get("cmi.core.lesson_status", "cmi.completion_status").match(/unknown|not attempted/))
    set("cmi.core.lesson_status", "cmi.completion_status", "incomplete");
  show(); }
function next() { page++; show(); }
function done(points) {
  set("cmi.core.score.raw", "cmi.score.raw", String(points)); set("cmi.core.score.max", "cmi.score.max", "100");
  set("cmi.core.score.min", "cmi.score.min", "0");
  if (is2004) { call("SetValue", "cmi.score.scaled", String(points / 100));
    call("SetValue", "cmi.completion_status", "completed"); call("SetValue", "cmi.success_status", points < 80 ? "failed" : "passed"); }
  else call("SetValue", "cmi.core.lesson_status", points < 80 ? "failed" : "passed");
  leave(); }
function leave() { if (left) return; left = true;
  var status = get("cmi.core.lesson_status", "cmi.completion_status");
  set("cmi.core.exit", "cmi.exit", status === "incomplete" ? "suspend" : "");
  set("cmi.core.session_time", "cmi.session_time", is2004 ? "PT1M30S" : "00:01:30");
  call(is2004 ? "Terminate" : "Finish", ""); }
onload = start; onunload = leave;
</script></head><body><h1></h1><p id="who"></p><p id="entry"></p><p id="data"></p>
<button onclick="next()">Next</button><button onclick="done(90)">Pass</button><button onclick="done(40)">Fail</button>
</body></html>"""
MANIFEST_1_2 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1.1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>At the counter</title>{items}</organization></organizations>
<resources>{resources}</resources></manifest>"""
MANIFEST_2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
<organizations default="O"><organization identifier="O"><title>At the counter</title>{items}</organization></organizations>
<resources>{resources}</resources></manifest>"""


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return out.getvalue()


def manifest(standard: str, items: Sequence[tuple[str, str]], *, inside: str = "", kind: str = "sco") -> str:
    """Of items with a page each: (identifier, href). `inside`: what stands in each item besides its title."""
    attribute = "scormtype" if standard == "1.2" else "scormType"
    return (MANIFEST_1_2 if standard == "1.2" else MANIFEST_2004).format(
        items="".join(
            f'<item identifier="{key}" identifierref="R-{key}"><title>Part {key}</title>{inside}</item>'
            for key, _href in items
        ),
        resources="".join(
            f'<resource identifier="R-{key}" type="webcontent" adlcp:{attribute}="{kind}" href="{href}">'
            f'<file href="{href}"/></resource>'
            for key, href in items
        ),
    )


def sco(standard: str) -> str:
    return SCO % {"find": FIND_API, "is2004": "true" if standard == "2004" else "false"}


def a_zip(standard: str, *, items: int = 1, inside: str = "", page: str | None = None, **more: str | bytes) -> bytes:
    """A package of so many items, each with a page of its own; `more`: further files by path."""
    named = [(chr(65 + number), f"part{number}/index.html") for number in range(items)]
    pages = {href: page or sco(standard) for _key, href in named}
    return zipped({"imsmanifest.xml": manifest(standard, named, inside=inside), **pages, **more})


def a_file(course_id: int, body: bytes) -> CourseFile:
    """A file of a course, as an upload leaves it, in two parts."""
    file = CourseFile(
        course_id=course_id,
        token=secrets.token_hex(16),
        name="package.zip",
        media_type="application/zip",
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        added_at=AT,
    )
    db.session.add(file)
    db.session.flush()
    half = len(body) // 2 + 1
    for position in range(2):
        part = body[position * half : (position + 1) * half]
        db.session.add(CourseFilePart(file_id=file.id, position=position, bytes=part))
    db.session.flush()
    return file


def a_package_course(body: bytes, **values: Any) -> CourseVersion:
    """A course with one lesson: this package."""
    lesson = {"key": LESSON, "kind": "package", "title": "At the counter", "minutes": 5, "file": "later"}
    version = a_course(lessons=[lesson], **values)
    version.content = {"lessons": [{**lesson, "file": a_file(version.course_id, body).token}]}
    db.session.flush()
    return version


def a_run(version: CourseVersion, person: Person) -> CourseRun:
    run = CourseRun(
        person_id=person.id,
        course_id=version.course_id,
        version_id=version.id,
        started_at=AT,
        seen_at=AT,
        place=LESSON,
    )
    db.session.add(run)
    db.session.flush()
    return run
