"""Everything that is held on somebody, as a file for themselves: JSON for programs, XLSX to read, one section a sheet.

Each section reads through the scopes of the person's own pages, and names the tables it speaks for. A test holds that every table
that points at a person is in one, or in `LEFT_OUT` with a reason.
"""

import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import IO, Any

from xlsxwriter import Workbook

from tracker.core import clock
from tracker.core.audience import Viewer
from tracker.home import own_file_beside, own_file_heard, own_file_learning, own_file_ratings, own_file_work
from tracker.home.own_file_lines import Line

Content = dict[str, list[dict[str, Any]]]
SECTIONS = (
    *own_file_work.SECTIONS,
    *own_file_ratings.SECTIONS,
    *own_file_heard.SECTIONS,
    *own_file_learning.SECTIONS,
    *own_file_beside.SECTIONS,
)
# Tables that point at a person and are in no section: what they hold is about somebody or something else.
LEFT_OUT = {
    "api_token": "a key for a program: who made it stands in what_you_did",
    "coach_feedback_answer": "of nobody, about whoever led a talk; summed up in said_of_your_talks",
    "coach_feedback_words": "of nobody; read on its page, in no order",
    "coaching_reminder": "that somebody was reminded of a talk with somebody else",
    "course": "written by somebody: that they did stands in what_you_did",
    "course_file": "written by somebody: that they did stands in what_you_did",
    "course_version": "written by somebody: that they did stands in what_you_did",
    "dispute_round": "who answers; what was asked and answered is in second_looks",
    "fall_replay": "a trial of settings on last year: that it was made stands in what_you_did",
    "fall_settings": "what the weekly check goes by: who chose it stands in what_you_did",
    "giving_limit": "what teams may give on the spot: who chose it stands in what_you_did",
    "import_draft": "a file of ratings on its way in, of other people",
    "obstacle_cause_entry": "what teams answer to obstacles: who answered stands in what_you_did",
    "private_note": "locked; its author reads it on the page of the talk, and takes a copy there",
    "pulse_member": "who is asked in the open round, gone at its close; one’s own page of the pulse says it until then",
    "pulse_plan": "what is done about a published result: one’s own stand on the page of actions, who made it in what_you_did",
    "pulse_reply": "an answer to a comment of nobody: that somebody gave it stands in what_you_did",
    "pulse_round": "a round of questions to everybody: who prepared it stands in what_you_did",
    "recovery_entry": "the history of a complaint, which belongs to the customer’s case",
    "recovery_helper": "who was asked to help with somebody’s complaint",
    "recovery_owner_rule": "who takes care of a team’s complaints",
    "reply_template": "a text for everybody: who wrote it stands in what_you_did",
    "report_mail": "which report goes to somebody by mail: its page says so, who put them down stands in what_you_did",
    "review_entry": "the history of a public review",
    "review_feed": "an address that is read: who added it stands in what_you_did",
    "training_rule": "a rule for a team: who made it stands in what_you_did",
    "webhook_door": "a door for a program: who made it stands in what_you_did",
}
SHEET_NAME, CELL = 31, 32_000  # what the format takes at most


def content_of(viewer: Viewer) -> Content:
    """Section -> its lines, with moments where the viewer works."""
    zone = clock.zone(viewer.time_zone)
    return {section.key: [_local(line, zone) for line in section.lines(viewer)] for section in SECTIONS}


def as_json(content: Content, *, at: datetime) -> IO[bytes]:
    said = {"format": "service-tracker-own-data", "edition": 1, "taken_at": at.isoformat(), **content}
    return io.BytesIO(json.dumps(said, ensure_ascii=False, indent=1, default=_plain).encode())


def as_xlsx(content: Content) -> IO[bytes]:
    """Texts are written as texts, so nothing that a customer wrote is run as a formula."""
    file = io.BytesIO()
    book = Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm", "remove_timezone": True})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for key, lines in content.items():
        sheet = book.add_worksheet(key[:SHEET_NAME])
        columns = list(dict.fromkeys(name for line in lines for name in line))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(columns) - 1, 0), 20)
        for place, name in enumerate(columns or ["nothing here"]):
            sheet.write_string(0, place, name, bold)
        for row, line in enumerate(lines, start=1):
            for place, name in enumerate(columns):
                _write(sheet, row, place, line.get(name), day)
    book.close()
    file.seek(0)
    return file


def _local(line: Line, zone: Any) -> dict[str, Any]:
    return {name: value.astimezone(zone) if isinstance(value, datetime) else value for name, value in line.items()}


def _plain(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a file")


def _write(sheet: Any, row: int, place: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, day)
    elif isinstance(value, bool):
        sheet.write_string(row, place, "yes" if value else "no")
    elif isinstance(value, (int, float)):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, _text(value)[:CELL])


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text(one)}" for name, one in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_text(one) for one in value)
    return str(value)
