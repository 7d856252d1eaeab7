"""The paper, somebody’s certificates, the matrix, the forecast, files for an audit, and what a leader attests."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.conftest import NOW, Cast
from tests.factories import a_person, leads
from tests.home.test_query_counts import selects
from tests.training.certificates import a_certificate, a_certified_course, at_noon, fresh
from tracker.audit.models import AuditEntry
from tracker.core.db import db, transaction
from tracker.courses.models import CourseVersion
from tracker.intake.tables import open_table
from tracker.notifications.models import Message
from tracker.organisation.models import Membership, Person
from tracker.training.certificate_models import Certificate, Completion
from tracker.training.models import Assignment

TODAY = NOW.date()
LATELY = TODAY - timedelta(days=3)
AT_MOST = 8


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def course(app: Flask) -> CourseVersion:
    return a_certified_course()


@pytest.mark.parametrize(
    ("who", "status"),
    [("amina", 200), ("brian", 200), ("chloe", 200), ("dora", 404), ("kevin", 404), ("faith", 404), ("ruth", 404)],
)
def test_who_reads_a_certificate(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion, who: str, status: int
) -> None:
    certificate = a_certificate(cast.amina, course, on=LATELY)
    browser = browse(getattr(cast, who))
    page = browser.get(f"/certificates/{certificate.id}")
    assert page.status_code == browser.get(f"/certificates/people/{cast.amina.id}").status_code == status
    if status == 404:
        assert page.data == browser.get("/certificates/987654321").data
    else:
        assert certificate.number in page.text
        assert "data:image/svg+xml" in page.text
        assert f"/verify/{certificate.number}" in page.text


def test_the_right_ends_with_the_move(app: Flask, cast: Cast, browse: Any, course: CourseVersion) -> None:
    certificate = a_certificate(cast.amina, course, on=LATELY)
    brian, dora = browse(cast.brian), browse(cast.dora)
    with transaction():
        moved = db.session.scalars(select(Membership).where(Membership.person_id == cast.amina.id)).one()
        moved.team_id = cast.floor.id
    url = f"/certificates/{certificate.id}"
    assert (brian.get(url).status_code, dora.get(url).status_code) == (404, 200)


def test_the_paper_says_when_it_can_be_renewed(app: Flask, cast: Cast, browse: Any, course: CourseVersion) -> None:
    soon = a_certificate(cast.amina, course, on=ago(355))
    later = a_certificate(cast.amina, a_certified_course("Returns"), on=ago(300))
    over = a_certificate(cast.amina, a_certified_course("Lifting"), on=ago(400))
    browser = browse(cast.amina)
    pages = [browser.get(f"/certificates/{one.id}").text for one in (soon, later, over)]
    assert ["Renew it" in page for page in pages] == [True, False, True]
    assert "it can be renewed" in pages[1]
    assert "lapsed since" in pages[2]
    assert "Renew it" not in browse(cast.brian).get(f"/certificates/{soon.id}").text


def test_nothing_is_renewed_where_the_course_gives_none_any_more(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion
) -> None:
    soon = a_certificate(cast.amina, course, on=ago(355))
    amina = browse(cast.amina)
    assert ">Renew<" in amina.get("/training").text
    with transaction():
        db.session.get_one(CourseVersion, course.id).certificate_months = None
    page = amina.get(f"/certificates/{soon.id}").text
    assert "gives no certificate any more, so there is nothing to renew" in page
    assert ("Renew it" in page, "no day is lost" in page) == (False, False)
    assert ">Renew<" not in amina.get("/training").text


@pytest.mark.parametrize("who", ["amina", "ruth"])
def test_lists_of_many_are_for_who_leads_and_for_hr(app: Flask, cast: Cast, browse: Any, who: str) -> None:
    browser = browse(getattr(cast, who))
    assert [browser.get(f"/certificates{path}").status_code for path in ("", "/forecast")] == [403, 403]
    assert browser.post("/certificates/exports", {"file": "csv"}).status_code == 403


def test_the_matrix_says_how_each_stands_in_words(app: Flask, cast: Cast, browse: Any, course: CourseVersion) -> None:
    other = a_certified_course("Returns")
    a_certified_course("No certificate", None)
    a_certificate(cast.amina, course, on=LATELY)
    a_certificate(cast.kevin, course, on=ago(400))
    a_certificate(cast.amina, other, on=ago(300))
    with transaction():
        given = {
            "person_id": cast.kevin.id,
            "course_id": other.course_id,
            "why": "chosen",
            "assigned_at": at_noon(TODAY),
        }
        db.session.add(Assignment(**given))
    page = browse(cast.brian).get("/certificates").text
    rows = {row.split("</a>")[0].split(">")[-1]: row for row in page.split("<tr>")[2:]}
    assert set(rows) == {"Amina Otieno", "Kevin Odhiambo"}
    assert "valid until" in rows["Amina Otieno"]
    assert "ends in 6" in rows["Amina Otieno"]
    assert "lapsed since" in rows["Kevin Odhiambo"]
    assert "asked to do it" in rows["Kevin Odhiambo"]
    assert "asked to do it" not in rows["Amina Otieno"]
    assert "No certificate" not in page
    one = browse(cast.brian).get(f"/certificates?course={other.course_id}").text
    assert "lapsed since" not in one


def test_who_was_not_asked_is_told_from_who_never_did(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion
) -> None:
    """What somebody began by their own wish was asked of nobody."""
    with transaction():
        own = {"person_id": cast.kevin.id, "course_id": course.course_id, "why": "own", "assigned_at": at_noon(TODAY)}
        db.session.add(Assignment(**own))
    assert browse(cast.brian).get("/certificates").text.count("not asked for") == 2


def test_each_sees_the_people_they_look_after(app: Flask, cast: Cast, browse: Any, course: CourseVersion) -> None:
    a_certificate(cast.brian, course, on=LATELY)
    a_certificate(cast.amina, course, on=LATELY)
    assert "Amina Otieno" not in browse(cast.dora).get("/certificates").text
    assert "Amina Otieno" not in browse(cast.faith).get("/certificates").text
    with transaction():
        leads(cast.brian, cast.floor, kind="deputy")
    assert ">Brian Kamau</a>" not in browse(cast.brian).get("/certificates").text
    hr = browse(cast.chloe)
    groups = hr.get("/certificates").text
    assert "Nairobi Central tills" in groups
    assert ">Amina Otieno</a>" not in groups
    assert ">Amina Otieno</a>" in hr.get(f"/certificates?team={cast.tills.id}").text
    assert ">Amina Otieno</a>" not in hr.get(f"/certificates?team={cast.floor.id}").text


def test_hr_reads_teams_in_sums(app: Flask, cast: Cast, browse: Any, course: CourseVersion) -> None:
    for person, day in ((cast.amina, LATELY), (cast.kevin, ago(400)), (cast.brian, ago(300))):
        a_certificate(person, course, on=day)
    a_certificate(cast.kevin, a_certified_course("For ever", 0), on=ago(4000))
    page = browse(cast.chloe).get("/certificates").text
    rows = {row.split("</a>")[0].split(">")[-1]: _numbers(row) for row in page.split("<tr>")[2:]}
    assert rows["Nairobi Central tills"] == ["2", "2", "0", "1"]
    assert rows["Nairobi Central"] == ["2", "0", "1", "0"]


def _numbers(row: str) -> list[str]:
    return [part.split("</td>")[0].split(">")[-1] for part in row.split('class="num"')[1:]]


@pytest.mark.parametrize(("people", "courses"), [(3, 1), (60, 8)])
@pytest.mark.parametrize("path", ["", "?team={team}", "/forecast"])
@pytest.mark.parametrize("who", ["brian", "chloe"])
def test_pages_of_many_ask_the_same_few_questions(
    app: Flask, cast: Cast, browse: Any, people: int, courses: int, path: str, who: str
) -> None:
    versions = [a_certified_course(f"Course {n}") for n in range(courses)]
    with transaction():
        team = [a_person(team=cast.tills) for _number in range(people)]
    for person in team[:5]:
        for version in versions:
            a_certificate(person, version, on=LATELY)
    browser = browse(getattr(cast, who))
    with selects() as seen:
        page = browser.get("/certificates" + path.format(team=cast.tills.id))
    assert page.status_code == 200
    assert len(seen) <= AT_MOST, "\n\n".join(seen)


def test_a_page_holds_fifty_people(app: Flask, cast: Cast, browse: Any, course: CourseVersion) -> None:
    with transaction():
        for number in range(60):
            a_person(f"Zed {number:02}", team=cast.tills)
    browser = browse(cast.brian)
    first, second = browser.get("/certificates").text, browser.get("/certificates?page=2").text
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 13)


def test_the_forecast_counts_by_month(app: Flask, cast: Cast, browse: Any, course: CourseVersion) -> None:
    for person in (cast.amina, cast.kevin):
        a_certificate(person, course, on=ago(300))
    a_certificate(cast.dora, course, on=ago(300))
    page = browse(cast.brian).get("/certificates/forecast").text
    assert "2 certificates end in these twelve months" in page
    assert "3 certificates end in these twelve months" in browse(cast.chloe).get("/certificates/forecast").text


def test_the_csv_of_an_audit_holds_the_history_and_no_formula(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion
) -> None:
    with transaction():
        db.session.get_one(Person, cast.kevin.id).name = "=1+1"
    old = a_certificate(cast.amina, course, on=ago(800))
    a_certificate(cast.amina, course, on=ago(400))
    a_certificate(cast.kevin, course, on=LATELY, words="@SUM(A1)")
    a_certificate(cast.dora, course, on=LATELY)
    with browse(cast.brian).post("/certificates/exports", {"file": "csv"}) as answer:
        text = answer.data.decode("utf-8-sig")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=certificates-")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Name"], row["State"]) for row in rows] == [
        ("'=1+1", "valid"),
        ("Amina Otieno", "replaced"),
        ("Amina Otieno", "lapsed"),
    ]
    assert rows[0]["What was seen"] == "'@SUM(A1)"
    assert rows[1]["Replaced by"] == rows[2]["Number"] != ""
    assert date.fromisoformat(rows[1]["Valid until"]) == fresh(old).last_day
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "certificate.exported")).one()
    assert (entry.by_id, entry.details) == (cast.brian.id, {"file": "csv", "rows": 3})


def test_the_excel_file_has_real_dates_and_no_formula(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion, tmp_path: Any
) -> None:
    with transaction():
        db.session.get_one(Person, cast.kevin.id).name = "=1+1"
    certificate = a_certificate(cast.kevin, course, on=LATELY)
    file = tmp_path / "file.xlsx"
    with browse(cast.chloe).post("/certificates/exports", {"file": "xlsx"}) as answer:
        file.write_bytes(answer.data)
    with open_table(file) as table:
        [row] = [values for _line, values in table.rows()]
        by_name = dict(zip(table.headers, row, strict=False))
    assert by_name["Name"] == "=1+1"
    assert by_name["Valid until"].startswith(str(fresh(certificate).last_day))
    sheet = ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    [read] = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()[1:]
    assert read[table.headers.index("Valid until")] == fresh(certificate).last_day


def test_another_kind_of_file_is_refused(app: Flask, cast: Cast, browse: Any) -> None:
    assert browse(cast.brian).post("/certificates/exports", {"file": "exe"}).status_code == 422


def given(version: CourseVersion, **values: Any) -> dict[str, Any]:
    return {"course": version.course_id, "on": LATELY.isoformat(), "words": "The original, number 4711.", **values}


def test_who_leads_somebody_attests_and_they_are_told(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion
) -> None:
    with transaction():
        asked = {
            "person_id": cast.amina.id,
            "course_id": course.course_id,
            "why": "chosen",
            "assigned_at": at_noon(LATELY),
        }
        db.session.add(Assignment(**asked))
    answer = browse(cast.brian).post(f"/certificates/people/{cast.amina.id}/attestations", given(course))
    assert answer.status_code == 303
    done = db.session.scalars(select(Completion)).one()
    assert (done.how, done.by_id, done.words) == ("attested", cast.brian.id, "The original, number 4711.")
    held = db.session.scalars(select(Certificate)).one()
    assert held.issued_on == LATELY
    assert db.session.scalars(select(Assignment.outcome)).all() == ["completed"]
    message = db.session.scalars(select(Message).where(Message.person_id == cast.amina.id)).one()
    assert (message.kind, message.about_id) == ("certificate.attested", done.id)
    assert "training.attested" in db.session.scalars(select(AuditEntry.action)).all()
    assert "Data protection at the till" in browse(cast.amina).get(f"/certificates/people/{cast.amina.id}").text


@pytest.mark.parametrize(
    ("who", "status"), [("chloe", 403), ("amina", 403), ("dora", 404), ("ruth", 404), ("faith", 404)]
)
def test_nobody_else_attests(app: Flask, cast: Cast, browse: Any, course: CourseVersion, who: str, status: int) -> None:
    answer = browse(getattr(cast, who)).post(f"/certificates/people/{cast.amina.id}/attestations", given(course))
    assert answer.status_code == status
    assert db.session.scalars(select(Completion)).all() == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"words": " "}, "Fill this in"),
        ({"on": ""}, "Choose a day"),
        ({"on": (TODAY + timedelta(days=2)).isoformat()}, "within the last two years"),
        ({"on": ago(740).isoformat()}, "within the last two years"),
        ({"on": ago(500).isoformat()}, "would have ended on"),
        ({"course": "987654"}, "Choose one from the list"),
        ({"words": "x" * 501}, "500 characters at most"),
    ],
)
def test_what_cannot_be_attested_is_said(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion, values: dict[str, Any], says: str
) -> None:
    answer = browse(cast.brian).post(f"/certificates/people/{cast.amina.id}/attestations", given(course, **values))
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalars(select(Completion)).all() == []


def test_attesting_twice_or_what_shortens_is_refused(
    app: Flask, cast: Cast, browse: Any, course: CourseVersion
) -> None:
    browser, url = browse(cast.brian), f"/certificates/people/{cast.amina.id}/attestations"
    answers = [browser.post(url, given(course, on=day.isoformat())) for day in (LATELY, LATELY, ago(60))]
    assert [answer.status_code for answer in answers] == [303, 409, 409]
    assert "noted already" in answers[1].text
    assert "valid at least as long" in answers[2].text
    assert len(db.session.scalars(select(Certificate)).all()) == 1
