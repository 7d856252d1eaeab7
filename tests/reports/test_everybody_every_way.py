"""Every role at every way out of every report: who reads the page takes the file, asks the program and gets the mail; nobody else does;
and whoever leads a team finds their own on none of them anybody else’s."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.conftest import Browser, Cast
from tests.core.smtp_sink import Sink, smtp_sink
from tests.factories import leads
from tests.reports.companies import Many, many_teams
from tests.reports.jobs import READ
from tracker.access.actions import set_roles
from tracker.access.terminal_pages import OWN_PAGES
from tracker.api.actions import make_token
from tracker.api.rules import SCOPES
from tracker.core import clock, outbox
from tracker.core.db import db, transaction
from tracker.organisation.models import Person, Team, Tenure
from tracker.reports.jobs import work_out
from tracker.reports.known import KNOWN
from tracker.reports.mail_jobs import plan_mails
from tracker.reports.mail_models import ReportMail

TODAY = READ.date()
REPORTS = tuple(KNOWN)
READS: dict[str, set[str]] = {  # who may open which page; all others are for nobody else
    "amina": set(),
    "kevin": set(),  # a deputy until yesterday
    "brian": {"engagement", "perception"},
    "dora": {"engagement", "perception"},
    "faith": {"engagement", "perception"},
    "chloe": {*REPORTS, "perception", "works-council"},
    "ruth": {"works-council"},
}
PAGES = (*REPORTS, "perception", "works-council")
THEIRS = {
    "dora": {"Team 003"},
    "brian": set(),
    "faith": set(),
}  # of the many teams; Brian led the fifth until yesterday


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.set_to(READ):
        yield


@pytest.fixture
def made(cast: Cast) -> Many:
    many = many_teams(8, 2, lambda team, month: 3 + (team * month % 7) / 5, lambda team, _month: team % 3 / 10)
    with transaction():
        teams = [db.session.get_one(Team, id) for id in many.team_ids]
        leads(person(cast.dora), teams[3])
        leads(person(cast.brian), teams[5], until=TODAY)
        leads(person(cast.kevin), teams[6], until=TODAY, kind="deputy")
    while work_out(READ):
        pass
    return many


def person(one: Person) -> Person:
    return db.session.get_one(Person, one.id)


def key_of(cast: Cast, who: str, scopes: list[str]) -> dict[str, str]:
    """Programs act for admins alone, so everybody is one besides."""
    with transaction():
        someone = person(getattr(cast, who))
        roles = {"admin", *(["hr"] if who == "chloe" else [])}
        set_roles(someone, roles, by=cast.ruth.id if who != "ruth" else cast.chloe.id, at=READ)
        secret = make_token("test", scopes, expires_at=None, by=someone.id, at=READ)
    return {"Authorization": f"Bearer {secret}"}


def file_of(browser: Browser, report: str, kind: str, **arguments: str) -> tuple[int, str]:
    """All that a file says, its name too."""
    with browser.post(f"/reports/{report}/files", {"file": kind, **arguments}) as answer:
        if answer.status_code != 200:
            return answer.status_code, answer.text
        name, content = answer.headers["Content-Disposition"], io.BytesIO(answer.data)
    if kind == "xlsx":
        book = CalamineWorkbook.from_filelike(content)
        return 200, name + repr([[sheet, book.get_sheet_by_name(sheet).to_python()] for sheet in book.sheet_names])
    with zipfile.ZipFile(content) as archive:
        return 200, name + repr([[one, archive.read(one).decode("utf-8-sig")] for one in archive.namelist()])


def teams_in(text: str) -> set[str]:
    return set(re.findall(r"Team \d{3}", text))


@pytest.mark.parametrize("who", sorted(READS))
def test_a_role_opens_all_ways_or_none(app: Flask, cast: Cast, browse: Any, made: Many, who: str) -> None:
    browser, mine = browse(getattr(cast, who)), READS[who]
    for page in PAGES:
        assert browser.get(f"/reports/{page}").status_code == (200 if page in mine else 403), page
    for report in REPORTS:
        for kind in ("xlsx", "zip"):
            assert file_of(browser, report, kind)[0] == (200 if report in mine else 403), (report, kind)
    for page in ("perception", "works-council"):
        with browser.post(f"/reports/{page}/exports", {"file": "csv"}) as answer:
            assert answer.status_code == (200 if page in mine else 403)
    key, client = key_of(cast, who, ["reports:read"]), app.test_client()
    listed = {one["name"] for one in client.get("/api/v1/reports", headers=key).json["data"]}  # type: ignore[index]
    assert listed == mine & set(REPORTS)
    for report in REPORTS:
        status = client.get(f"/api/v1/reports/{report}", headers=key).status_code
        assert status == (200 if report in mine else 403), report


def test_who_is_not_signed_in_finds_no_way(app: Flask, browse: Any, made: Many) -> None:
    nobody, client = browse(None), app.test_client()
    for page in PAGES:
        assert nobody.get(f"/reports/{page}").status_code == 303
    for report in REPORTS:
        assert nobody.post(f"/reports/{report}/files", {"file": "xlsx"}).status_code == 303
        assert client.get(f"/api/v1/reports/{report}").status_code == 401
    assert [one for one in OWN_PAGES if "report" in one or one.startswith(("fairness.", "works_council."))] == []


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"reports:read"}))
def test_a_key_for_something_else_opens_no_report(app: Flask, cast: Cast, made: Many, scope: str) -> None:
    key, client = key_of(cast, "chloe", [scope]), app.test_client()
    for address in ("", *(f"/{report}" for report in REPORTS)):
        answer = client.get(f"/api/v1/reports{address}", headers=key)
        assert answer.status_code == 403
        assert teams_in(answer.text) == set()


@pytest.mark.parametrize("who", sorted(THEIRS))
def test_who_leads_finds_their_own_on_every_way_and_nobody_elses(
    app: Flask, cast: Cast, browse: Any, made: Many, who: str
) -> None:
    browser = browse(getattr(cast, who))
    found = {
        "page": browser.get("/reports/engagement").text,
        "xlsx": file_of(browser, "engagement", "xlsx")[1],
        "zip": file_of(browser, "engagement", "zip")[1],
        "mail": mailed(app, cast, browse, who),
    }
    key = key_of(cast, who, ["reports:read"])
    found["program"] = app.test_client().get("/api/v1/reports/engagement", headers=key).text
    for way, text in found.items():
        if way != "mail":  # of a mail the sentences alone
            assert teams_in(text) == THEIRS[who], way
        assert teams_in(text) <= THEIRS[who], way
        assert "above its own usual" not in text, "links are sought over all teams"


def mailed(app: Flask, cast: Cast, browse: Any, who: str) -> str:
    """What they get by mail in the next days, whole."""
    someone = getattr(cast, who)
    answer = browse(cast.chloe).post("/reports/engagement/mails", {"people": someone.staff_number})
    assert answer.status_code == 303
    with transaction():
        db.session.scalars(select(ReportMail)).one().planned_month = None
    assert plan_mails(READ) == 1
    return sent(app)


def sent(app: Flask) -> str:
    with smtp_sink() as sink:
        app.config["SMTP_URL"] = sink.url
        at = READ + timedelta(days=2)
        with clock.set_to(at):
            assert outbox.send_due(at) == 1
        app.config["SMTP_URL"] = ""
        return said_by(sink)


def said_by(sink: Sink) -> str:
    [mail] = sink.mails
    return str(mail["Subject"]) + "".join(str(mail.get_body((kind,)).get_content()) for kind in ("plain", "html"))  # type: ignore[union-attr]


def test_what_is_not_theirs_is_not_there_by_any_name(app: Flask, cast: Cast, browse: Any, made: Many) -> None:
    browser, key = browse(cast.dora), key_of(cast, "dora", ["reports:read"])
    client = app.test_client()
    for name, theirs, nobodys in (
        ("team", made.team_ids[4], 99999),
        ("touchpoint", 1, 99999),
        ("driver", "power", "mood"),
    ):
        pages = [browser.get(f"/reports/engagement?{name}={value}") for value in (theirs, nobodys)]
        programs = [
            client.get(f"/api/v1/reports/engagement?{name}={value}", headers=key) for value in (theirs, nobodys)
        ]
        assert [one.status_code for one in (*pages, *programs)] == [404] * 4
        assert {file_of(browser, "engagement", "xlsx", **{name: str(value)})[0] for value in (theirs, nobodys)} == {404}
        for one, other in (pages, programs):
            assert plain(one.text, f"{name}={theirs}") == plain(other.text, f"{name}={nobodys}")
            assert teams_in(one.text) == set()


def plain(text: str, asked: str) -> str:
    """Without what is of the moment or was asked for."""
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]*"|"(request_id|instance)": ?"[^"]*"', "", text)
    return text.replace(asked, "…")


def test_a_kept_page_is_worth_nothing_once_the_team_is_somebody_elses(cast: Cast, browse: Any, made: Many) -> None:
    browser = browse(cast.dora)
    kept = {"If-None-Match": browser.get("/reports/engagement").headers["ETag"]}
    assert browser.get("/reports/engagement", headers=kept).status_code == 304
    with transaction():
        for tenure in db.session.scalars(select(Tenure).where(Tenure.person_id == cast.dora.id)):
            tenure.ended_on = TODAY
        leads(person(cast.dora), db.session.get_one(Team, made.team_ids[7]), since=TODAY)
    moved = browser.get("/reports/engagement", headers=kept)
    assert (moved.status_code, teams_in(moved.text)) == (200, {"Team 007"})
    kept = {"If-None-Match": moved.headers["ETag"]}
    with transaction():
        db.session.delete(db.session.scalars(select(Tenure).where(Tenure.team_id == made.team_ids[7])).one())
    assert browser.get("/reports/engagement", headers=kept).status_code == 403


def test_a_mail_planned_for_a_leader_goes_by_what_they_lead_when_it_goes(
    app: Flask, cast: Cast, browse: Any, made: Many
) -> None:
    assert browse(cast.chloe).post("/reports/engagement/mails", {"people": cast.dora.staff_number}).status_code == 303
    with transaction():
        db.session.scalars(select(ReportMail)).one().planned_month = None
    assert plan_mails(READ) == 1
    with transaction():
        for tenure in db.session.scalars(select(Tenure).where(Tenure.person_id == cast.dora.id)):
            tenure.ended_on = TODAY
    said = sent(app)
    assert "You no longer get" in said
    assert teams_in(said) == set()
    assert db.session.scalars(select(ReportMail.ended_because)).one() == "right"
