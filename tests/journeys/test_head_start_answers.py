"""While a fall waits unshared, no answer to a POST differs: not its status, its way on, its notice, nor what goes out because of it.

Kevin’s fall was found in the morning, Amina’s weeks were like any other. Whatever Brian, his deputy, HR, or an admin do about either
of them is answered alike.
"""

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.coaching.talks import a_case_of
from tests.coaching.timed import run_jobs
from tests.conftest import NOW, Cast
from tests.disputes.test_second_look import ASKED, YES
from tests.factories import a_course, a_rating, a_touchpoint, leads
from tests.interviews.noting import a_watch, an_answer
from tests.journeys.crawl import TOKEN
from tests.journeys.serving import Hour
from tracker.api.actions import make_token
from tracker.api.rules import SCOPES
from tracker.audit.models import AuditEntry
from tracker.coaching.models import CoachingCase
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.models import HookDelivery, HookSubscription, OutboxMail
from tracker.disputes.models import Dispute
from tracker.notifications.jobs import write_digests, write_pushes
from tracker.notifications.models import Message
from tracker.organisation.models import Person
from tracker.ratings.survey_actions import ensure_default_surveys
from tracker.ratings.survey_models import SurveyVersion

KINDS = {"fall.alerted", "case.opened", "case.closed", "talk.booked", "talk.held"}
UNTIL = NOW + timedelta(hours=20)  # the head start ends
TIME = {"on": "2026-11-20", "starts": "14:00", "minutes": "20", "place": "Here"}
TALK_POSTS = {
    "points": {"text": "Words"},
    "private-note": {"text": "Words"},
    "hand-over": {"text": "Words"},
    "booking": TIME,
    "completion": {"held": "0", "note": "Words", "follow_up": "none"},
    "agreed": {"text": "Words", "due_on": "2026-12-01"},
    "snooze": {"snooze-reason": "busy", "snooze-days": "3"},
    "calling-off": {},
    "another-time": {},
    "closing": {"closing-because": "talked"},
    "training": {"course": "1", "due_on": "2026-12-01"},
    "reply": {"text": "Words"},
    "acknowledgement": {},
}


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Hour:
    hour = Hour(NOW)
    monkeypatch.setattr(clock, "now", hour)
    return hour


@pytest.fixture
def looks(cast: Cast, hour: Hour, browse: Any) -> dict[int, str]:
    """Each of the two has a low rating and asks for a second look at it: person id -> its address."""
    with transaction():
        leads(cast.dora, cast.tills, kind="deputy", since=date(2026, 11, 1))
        a_touchpoint()
        kinds = sorted(KINDS)
        db.session.add(
            HookSubscription(
                name="All", url="https://hooks.example/", kinds=kinds, secret="x", made_by_id=cast.ruth.id, made_at=NOW
            )
        )
        ensure_default_surveys(at=NOW - timedelta(days=9))
        version = db.session.scalars(select(SurveyVersion.id).where(SurveyVersion.stage == "purchase")).one()
        values: dict[str, Any] = {"survey_version_id": version, "drivers": ["speed"], "comment": "I waited."}
        ratings = {
            person.id: a_rating(person, 2, at=NOW - timedelta(days=3), **values).id
            for person in (cast.amina, cast.kevin)
        }
    found = {}
    for person in (cast.amina, cast.kevin):
        answer = browse(person, at=NOW).post(f"/ratings/{ratings[person.id]}/second-look", ASKED)
        assert answer.status_code == 303
        found[person.id] = str(answer.location)
    return found


@pytest.fixture
def case(cast: Cast, looks: dict[int, str]) -> int:
    with transaction():
        return a_case_of(cast.kevin, team_id=cast.tills.id, shares_at=UNTIL).id


def deeds(cast: Cast, person: Person, look: str, course: int) -> list[tuple[str, str, dict[str, Any]]]:
    """(who, path, fields): what others do about one person on such a day, in this order."""
    days = {"first": "2026-11-19", "last": "2026-11-19"}
    task = {"course": str(course), "people": [str(person.id)], "due_on": "2026-12-01", "is_paid": "y"}
    rating = db.session.scalars(select(Dispute.rating_id).where(Dispute.person_id == person.id)).one()
    return [
        ("brian", f"/people/{person.id}/absences", days),
        ("brian", f"/observations?person={person.id}&touchpoint=", a_watch()),
        ("brian", f"/interviews?person={person.id}&touchpoint=", an_answer()),
        ("brian", "/training/assign", task),
        ("dora", "/training/assign", task),
        ("brian", f"/ratings/{rating}/contributors", {"who": cast.faith.staff_number, "reason": "Helped"}),
        ("brian", f"{look}/statement", {"text": "Two tills were closed."}),
        ("chloe", f"{look}/answer", YES),
        ("brian", f"/ratings/{rating}/saving", {}),
        ("brian", f"/ratings/{rating}/obstacle", {"kind": "policy", "name": "Words"}),
        ("brian", f"/thanks?to={person.id}", {"key": f"{person.id:032x}", "text": "You stayed an hour longer.", "driver": ""}),
        ("chloe", f"/people/{person.id}/sessions/end", {}),
        ("ruth", f"/people/{person.id}/invitation", {}),
        ("chloe", f"/people/{person.id}/memberships", {"team": str(cast.floor.id), "since": "2026-11-19"}),
        ("chloe", f"/people/{person.id}/shutout", {}),
        ("chloe", f"/people/{person.id}/readmission", {}),
    ]  # fmt: skip


def test_what_others_do_about_somebody_is_answered_alike(
    app: Flask, cast: Cast, hour: Hour, case: int, looks: dict[int, str], browse: Any
) -> None:
    with transaction():
        course = a_course().course_id
    browsers = {who: browse(getattr(cast, who), at=NOW) for who in ("brian", "dora", "chloe", "ruth")}
    both = (cast.amina, cast.kevin)
    went_out: dict[int, Counter[Any]] = {person.id: Counter() for person in both}
    statuses = []
    for step in zip(*(deeds(cast, person, looks[person.id], course) for person in both), strict=True):
        answers = []
        for person, (who, path, fields) in zip(both, step, strict=True):
            before = sent_to_others(cast)
            answer = browsers[who].post(path, fields)
            answers.append((answer.status_code, as_said_of(person, answer)))
            went_out[person.id] += sent_to_others(cast) - before
        assert answers[0] == answers[1], (step[0][1], re.findall("errmsg.*", answers[1][1]))
        statuses.append(answers[0][0])
    assert statuses.count(303) >= 12, statuses  # most of them are done, not only refused
    assert went_out[cast.amina.id] == went_out[cast.kevin.id]
    quiet = sent_to_others(cast)
    for hours in range(1, 20):
        hour.at = NOW + timedelta(hours=hours)
        run_jobs(hour.at)
        write_digests(hour.at)
        write_pushes(hour.at)
    assert [kind for (_who, kind), _count in (sent_to_others(cast) - quiet).items() if "coaching" in kind] == []
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("coaching."))).all() == []
    told_programs = set(db.session.scalars(select(HookDelivery.kind)))
    assert told_programs & KINDS == set()


def test_a_case_that_waits_is_answered_like_one_that_never_was(cast: Cast, hour: Hour, case: int, browse: Any) -> None:
    for who in ("brian", "dora", "faith", "chloe", "ruth"):
        browser = browse(getattr(cast, who), at=NOW)
        for path, fields in TALK_POSTS.items():
            answers = [browser.post(f"/coaching/{id}/{path}", fields) for id in (case, 987654321)]
            assert answers[0].status_code in {403, 404}, (who, path)
            assert same(answers[0]) == same(answers[1]), (who, path)
    db.session.rollback()
    found = db.session.get_one(CoachingCase, case)
    assert (found.reply, found.closed_at, found.snoozed_until) == (None, None, None)


def test_settings_and_exports_answer_alike(cast: Cast, hour: Hour, looks: dict[int, str], browse: Any) -> None:
    """Asked before the check has found anything, and after."""
    tries = [
        ("chloe", "/coaching/turns", {"talks_a_week": "3", "longest_wait": "4"}),
        ("ruth", "/coaching/turns", {"talks_a_week": "", "longest_wait": ""}),
        ("chloe", "/settings/checks/replays", {"alert_one_in": "0"}),
        ("chloe", "/obstacles/exports", {"file": "csv"}),
        ("brian", "/obstacles/exports", {"file": "csv"}),
        ("chloe", "/certificates/exports", {"file": "csv"}),
        ("brian", "/me/file", {"kind": "json"}),
    ]
    browsers = {who: browse(getattr(cast, who), at=NOW) for who in ("brian", "chloe", "ruth")}
    told = [[same(browsers[who].post(path, fields)) for who, path, fields in tries]]
    with transaction():
        a_case_of(cast.kevin, team_id=cast.tills.id, shares_at=UNTIL)
    told.append([same(browsers[who].post(path, fields)) for who, path, fields in tries])
    for (who, path, _fields), before, after in zip(tries[:-1], *(one[:-1] for one in told), strict=True):
        assert before == after, (who, path)
    assert "coaching." not in told[1][-1][2]


def test_programs_read_alike(app: Flask, cast: Cast, hour: Hour, looks: dict[int, str]) -> None:
    with transaction():
        secret = make_token("tills", SCOPES, expires_at=None, by=cast.ruth.id, at=NOW)

    def read() -> list[tuple[int, str]]:
        db.session.rollback()
        client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}
        with app.app_context():
            return [
                (answer.status_code, answer.text)
                for answer in (
                    client.get(f"/api/v1/{path}", headers=headers) for path in ("people", "ratings", "scores")
                )
            ]

    before = read()
    assert [status for status, _text in before] == [200, 200, 200]
    with transaction():
        a_case_of(cast.kevin, team_id=cast.tills.id, shares_at=UNTIL)
    assert read() == before


def sent_to_others(cast: Cast) -> Counter[Any]:
    """What was told and mailed to anybody but the two: (to whom, kind)."""
    db.session.rollback()
    found: Counter[Any] = Counter()
    for model in (Message, OutboxMail):
        others = select(model.person_id, model.kind, func.count()).where(
            model.person_id.not_in([cast.amina.id, cast.kevin.id])
        )
        for person, kind, count in db.session.execute(others.group_by(model.person_id, model.kind)):
            found[person, kind] += count
    db.session.rollback()
    return found


def same(answer: Any) -> tuple[int, str | None, str]:
    text = TOKEN.sub(r"\1", answer.text)
    answer.close()
    return answer.status_code, answer.location, text


def as_said_of(person: Person, answer: Any) -> str:
    """The answer with everything replaced that is this person’s alone: names, numbers in addresses, keys."""
    theirs = "|".join(
        map(re.escape, [person.name, person.first_name, person.staff_number, str(person.email), person.initials])
    )
    _status, location, text = same(answer)
    said = re.sub(theirs, "somebody", f"{location} {text}")
    return re.sub(r"\b[0-9a-f]{32}\b", "key", re.sub(r'(?<=[/="])\d+', "N", said))
