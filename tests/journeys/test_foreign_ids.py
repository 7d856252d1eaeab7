"""What a form or an address says of things that are not one's own, or do not belong together, is not found, and nothing changes.

Zola works on the floor, which Dora leads. Kevin and Amina work at the tills, which Brian leads. Every POST route of the packages that
came with coaching is here, by the address itself: a new one fails the first test until somebody has thought of it.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Integer, String, Text, select

from tests.access.terminals import a_terminal
from tests.coaching.talks import a_case_of
from tests.conftest import NOW, Cast
from tests.factories import a_person, a_rating, account_of
from tests.journeys.serving import Hour
from tests.obstacles.making import said
from tests.recognition.saying import STORY, WORDS, a_key, thank, to
from tracker.access.models import SignInSession
from tracker.coaching.actions import add_agreed, complete_session, share_case
from tracker.coaching.agenda import add_to_agenda
from tracker.coaching.feedback_models import CoachFeedbackRequest
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.notifications.choice_models import PushSubscription
from tracker.obstacles.actions import give
from tracker.organisation.models import Person
from tracker.ratings.obstacle_models import Cause
from tracker.ratings.own_actions import add_point, save_for_talk
from tracker.ratings.own_models import TalkPoint
from tracker.recognition.models import Thanks

# The blueprints that came with coaching, and the addresses of terminals and pushes.
BLUEPRINTS = {
    "case", "choices", "coach_feedback", "coaching", "coaching_clock", "coaching_effect", "falls", "obstacles", "own",
    "recognition",
}  # fmt: skip
TERMINALS = {"access.make_terminal_code", "access.rename_terminal", "access.revoke_terminal"}
# Address -> of what in `foreign` the id is.
FOREIGN = {
    "/account/push/<int:id>/removal": "push",
    "/coaching/<int:id>/acknowledgement": "case",
    "/coaching/<int:id>/agreed": "case",
    "/coaching/<int:id>/another-time": "case",
    "/coaching/<int:id>/booking": "case",
    "/coaching/<int:id>/calling-off": "case",
    "/coaching/<int:id>/closing": "case",
    "/coaching/<int:id>/completion": "case",
    "/coaching/<int:id>/hand-over": "case",
    "/coaching/<int:id>/points": "case",
    "/coaching/<int:id>/private-note": "case",
    "/coaching/<int:id>/reply": "case",
    "/coaching/<int:id>/snooze": "case",
    "/coaching/<int:id>/training": "case",
    "/coaching/agreed/<int:id>/completion": "agreed",
    "/coaching/points/<int:id>/completion": "point",
    "/coaching/points/<int:id>/removal": "point",
    "/coaching/talks/<int:id>/feedback": "talk",
    "/me/talk/points/<int:id>/completion": "kept",
    "/me/talk/points/<int:id>/removal": "kept",
    "/obstacles/<int:id>/answers": "cause",
    "/obstacles/<int:id>/merger": "cause",
    "/obstacles/<int:id>/name": "cause",
    "/obstacles/<int:id>/owner": "cause",
    "/ratings/<int:id>/acknowledgement": "rating",
    "/ratings/<int:id>/obstacle": "rating",
    "/ratings/<int:id>/obstacle/withdrawal": "rating",
    "/ratings/<int:id>/saving": "rating",
    "/ratings/<int:id>/saving/end": "rating",
    "/ratings/<int:id>/side": "rating",
    "/ratings/<int:id>/side/removal": "rating",
    "/terminals/<int:id>/code": "terminal",
    "/terminals/<int:id>/name": "terminal",
    "/terminals/<int:id>/revoking": "terminal",
    "/thanks/<int:id>/hiding": "thanks",
    "/thanks/<int:id>/keeping": "thanks",
    "/thanks/<int:id>/return": "thanks",
    "/thanks/<int:id>/sharing": "thanks",
    "/thanks/<int:id>/withdrawal": "thanks",
    "/thanks/<int:id>/words": "thanks",
}
# The settings of the check belong to the company: there is no other's. tests/falls says who may change them.
OF_THE_COMPANY = {"/settings/checks/replays/<int:id>/settings", "/settings/checks/replays/<int:id>/stopping"}
# Everything that any of these forms asks for, as it would be sent by whoever may.
FIELDS = {
    "text": "Words", "note": "Words", "words": "Words", "name": "Words", "kind": "planned", "change_on": "2026-12-01",
    "reason": "Words", "done": "yes", "held": "1", "follow_up": "none", "on": "2026-11-20", "starts": "14:00", "minutes": "20",
    "snooze-reason": "busy", "snooze-days": "3", "closing-because": "talked", "listened": "5", "next_step": "5", "fair": "5",
    "due_on": "2026-12-01",
}  # fmt: skip
# Written at every visit, whatever is asked for.
OF_VISITS = {"sign_in_session", "heartbeat"}


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Hour:
    hour = Hour(NOW)
    monkeypatch.setattr(clock, "now", hour)
    return hour


@pytest.fixture
def zola(cast: Cast) -> Person:
    with transaction():
        return a_person("Zola Tembo", team=cast.floor)


def a_whole_case(person: Person, leader: Person) -> dict[str, int]:
    """A shared case with one of everything, by what it is."""
    rating = a_rating(person, 2, at=NOW - timedelta(days=2))
    case = a_case_of(person)
    share_case(case, at=NOW - timedelta(days=1))
    words = {"note": "We talked.", "agreed": [], "follow_up_on": date(2026, 12, 16)}
    talk = complete_session(case, by=leader.id, at=NOW, **words)
    db.session.merge(CoachFeedbackRequest(id=talk.id, person_id=person.id, leader_id=leader.id))
    due_on = date(2026, 12, 1)
    save_for_talk(rating, by=person.id, at=NOW)
    return {
        "rating": rating.id,
        "case": case.id,
        "talk": talk.id,
        "agreed": _id(add_agreed(case, by=leader.id, text="Agreed", owner_id=person.id, due_on=due_on, at=NOW)),
        "point": _id(add_to_agenda(case, by=person.id, text="Point", at=NOW)),
        "kept": _id(add_point("Kept", by=person.id, at=NOW)),
    }


@pytest.fixture
def foreign(app: Flask, cast: Cast, zola: Person, hour: Hour, browse: Any) -> dict[str, int]:
    """Ids of what is Zola's, Dora's or the floor's."""
    with transaction():
        found = a_whole_case(zola, cast.dora)
        cause_id = said(zola).cause_id
    dora = browse(cast.dora, at=NOW)
    assert thank(dora, zola, text=WORDS).status_code == 303
    with transaction():
        cause = db.session.get_one(Cause, cause_id)
        give(cause, cast.floor, due_on=date(2026, 12, 1), by=cast.chloe.id, at=NOW)
        session = db.session.scalars(
            select(SignInSession.id).where(SignInSession.account_id == account_of(cast.dora).id)
        ).first()
        push = PushSubscription(
            person_id=cast.dora.id, session_id=session, endpoint="https://push.example/1", endpoint_hash="0" * 64,
            p256dh="p", auth="a", browser="Firefox", created_at=NOW,
        )  # fmt: skip
        db.session.add(push)
        db.session.flush()
        found |= {"cause": cause.id, "push": push.id, "thanks": db.session.scalars(select(Thanks.id)).one()}
    return {**found, "terminal": a_terminal(cast.floor)}


@pytest.fixture
def own(foreign: dict[str, int], cast: Cast) -> dict[str, int]:
    """The same of Kevin's; all of it later, so that no id is the same."""
    with transaction():
        return a_whole_case(cast.kevin, cast.brian)


def _id(row: Any) -> int:
    db.session.flush()
    found: int = row.id
    return found


def everything_stored() -> dict[str, list[str]]:
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in OF_VISITS]
    stored = {table.name: sorted(repr(tuple(row)) for row in db.session.execute(select(table))) for table in tables}
    db.session.rollback()
    return stored


def test_every_address_with_an_id_was_thought_of(app: Flask) -> None:
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        and rule.arguments
        and (rule.endpoint.partition(".")[0] in BLUEPRINTS or rule.endpoint in TERMINALS)
    }
    assert found == set(FOREIGN) | OF_THE_COMPANY


@pytest.mark.parametrize("who", ["kevin", "brian", "amina", "chloe", "ruth", "faith"])
def test_nothing_of_somebody_else_can_be_reached(
    own: dict[str, int], foreign: dict[str, int], cast: Cast, browse: Any, who: str
) -> None:
    """A stranger finds nothing (404), whoever may read it may not act (403); HR and admins where that is their office."""
    allowed_to = {
        "chloe": {"/obstacles/<int:id>/name", "/obstacles/<int:id>/owner", "/obstacles/<int:id>/merger"},
        "ruth": {"/terminals/<int:id>/code", "/terminals/<int:id>/name", "/terminals/<int:id>/revoking", "/obstacles/<int:id>/name",
                 "/obstacles/<int:id>/owner", "/obstacles/<int:id>/merger"},
        "faith": {"/obstacles/<int:id>/answers", "/obstacles/<int:id>/name", "/obstacles/<int:id>/merger", "/terminals/<int:id>/code",
                  "/terminals/<int:id>/name", "/terminals/<int:id>/revoking"},
    }.get(who, set())  # fmt: skip
    browser = browse(getattr(cast, who), at=NOW)
    before, wrong = everything_stored(), []
    for rule, what in FOREIGN.items():
        if rule in allowed_to:
            continue
        answer = browser.post(rule.replace("<int:id>", str(foreign[what])), FIELDS)
        if answer.status_code not in {403, 404} or everything_stored() != before:
            wrong.append((rule, answer.status_code))
    assert wrong == []


def test_ids_in_a_form_that_do_not_belong_together_are_refused(
    own: dict[str, int], foreign: dict[str, int], cast: Cast, zola: Person, browse: Any
) -> None:
    with transaction():
        aminas = a_rating(cast.amina, 2, at=NOW - timedelta(days=2)).id
        floors = [said(zola, name=name).cause_id for name in ("Old scanners", "No chairs")]
        give(db.session.get_one(Cause, floors[0]), cast.tills, due_on=date(2026, 12, 1), by=cast.chloe.id, at=NOW)
        give(db.session.get_one(Cause, floors[1]), cast.floor, due_on=date(2026, 12, 1), by=cast.chloe.id, at=NOW)
    case, agreed = f"/coaching/{own['case']}", {"text": "Words", "due_on": "2026-12-01"}
    written = {"held": "1", "note": "Words", "agreed": "Words", "due_on": "2026-12-01", "follow_up": "none"}
    tries = [
        ("brian", f"{case}/points", {"rating": str(aminas)}, 404),
        ("brian", f"{case}/points", {"rating": str(foreign["rating"])}, 404),
        ("kevin", f"{case}/points", {"rating": str(aminas)}, 404),
        ("brian", f"{case}/agreed", {**agreed, "owner": str(cast.amina.id)}, 422),
        ("brian", f"{case}/agreed", {**agreed, "owner": str(zola.id)}, 422),
        ("brian", f"{case}/completion", {**written, "owner": str(zola.id)}, 422),
        ("brian", f"{case}/training", {"course": "987654321", "due_on": "2026-12-01"}, 404),
        ("brian", f"/obstacles/{floors[0]}/merger", {"into": str(floors[1])}, 422),
        ("brian", "/terminals/new", {"name": "Till 9", "team": str(cast.floor.id)}, 422),
        ("kevin", "/me/ratings/acknowledgement", {"rating": [str(aminas), str(foreign["rating"])]}, 303),
        ("kevin", f"/ratings/{own['rating']}/obstacle", {"cause": "987654321"}, 422),
        ("kevin", f"/thanks?to={cast.kevin.id}", {"key": a_key(), "text": WORDS}, 303),
        ("kevin", "/thanks?to=987654321", {"key": a_key(), "text": WORDS}, 303),
    ]
    browsers = {who: browse(getattr(cast, who), at=NOW) for who in ("brian", "kevin")}
    before, wrong = everything_stored(), []
    for who, path, fields, status in tries:
        answer = browsers[who].post(path, fields)
        if answer.status_code != status or everything_stored() != before:
            wrong.append((who, path, answer.status_code))
    assert wrong == []


def test_a_story_is_about_nothing_that_its_teller_cannot_see(foreign: dict[str, int], cast: Cast, browse: Any) -> None:
    sent = {"key": a_key(), "title": "The lost receipt", "text": STORY}
    address = f"/thanks/stories?{to([cast.amina])}&about={foreign['thanks']}"
    assert browse(cast.kevin, at=NOW).post(address, sent).status_code == 303
    db.session.rollback()
    story = db.session.scalars(select(Thanks).where(Thanks.kind == "story")).one()
    assert story.about_id is None


MARK, NUMBER, THEN = "hostile words", "987654321", "2031-01-01T00:00:00"


def hostile_fields() -> dict[str, str]:
    """Every column of every table, with words, a number or a moment that nothing else here says."""
    found = {}
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            kinds = {Integer: NUMBER, String: MARK, Text: MARK}
            found[column.name] = next((said for kind, said in kinds.items() if isinstance(column.type, kind)), THEN)
    return found


def test_a_form_writes_what_it_shows_and_no_other_column(
    own: dict[str, int], foreign: dict[str, int], cast: Cast, browse: Any
) -> None:
    case, rating = f"/coaching/{own['case']}", f"/ratings/{own['rating']}"
    agreed = {"text": "Words", "owner": str(cast.kevin.id), "due_on": "2026-12-01"}
    obstacle = {"kind": "policy", "name": "Words", "words": "Words", "shares": "", "cause": ""}
    written = {"held": "1", "note": "Words", "follow_up": "none", "agreed": "", "owner": "", "due_on": ""}
    tries: list[tuple[str, str, dict[str, str]]] = [
        ("kevin", f"{case}/points", {"text": "Words", "rating": ""}),
        ("kevin", f"/coaching/points/{own['point']}/completion", {"done": "yes"}),
        ("kevin", f"{case}/reply", {"text": "Words"}),
        ("kevin", f"{case}/acknowledgement", {}),
        ("kevin", f"{case}/private-note", {"text": "Words"}),
        ("kevin", f"{case}/another-time", {}),
        ("brian", f"{case}/hand-over", {"text": "Words"}),
        ("brian", f"{case}/agreed", agreed),
        ("brian", f"/coaching/agreed/{own['agreed']}/completion", {"done": "yes"}),
        ("brian", f"{case}/booking", {"on": "2026-11-20", "starts": "14:00", "minutes": "20", "place": "Here"}),
        ("brian", f"{case}/calling-off", {}),
        ("brian", f"{case}/snooze", {"snooze-reason": "busy", "snooze-days": "3"}),
        ("brian", f"{case}/completion", written),
        ("kevin", f"/coaching/talks/{own['talk']}/feedback", {"listened": "5", "next_step": "5", "fair": "5", "words": "Words"}),
        ("kevin", f"{rating}/side", {"text": "Words"}),
        ("kevin", f"{rating}/saving", {}),
        ("kevin", f"{rating}/acknowledgement", {}),
        ("kevin", f"{rating}/obstacle", obstacle),
        ("kevin", "/me/talk/points", {"text": "Words"}),
        ("kevin", f"/me/talk/points/{own['kept']}/completion", {"done": "yes"}),
        ("kevin", f"/thanks?to={cast.amina.id}", {"key": a_key(), "text": WORDS, "driver": ""}),
        ("kevin", f"/thanks/stories?to={cast.amina.id}", {"key": a_key(), "title": "A title", "text": STORY, "is_for_all": ""}),
        ("dora", f"/obstacles/{foreign['cause']}/answers", {"kind": "planned", "words": "Words", "change_on": "2026-12-01"}),
        ("chloe", "/coaching/turns", {"talks_a_week": "3", "longest_wait": "4"}),
        ("brian", "/terminals/new", {"name": "Till 9", "team": str(cast.tills.id)}),
    ]  # fmt: skip
    hostile, wrong = hostile_fields(), []
    for who, path, fields in tries:
        status = browse(getattr(cast, who), at=NOW).post(path, {**hostile, **fields}).status_code
        if status not in {200, 303}:
            wrong.append((path, str(status)))
    stored = "\n".join(row for rows in everything_stored().values() for row in rows)
    wrong += [
        ("stored", said) for said in (MARK, NUMBER, "datetime.datetime(2031", "datetime.date(2031") if said in stored
    ]
    assert wrong == []


def test_a_moment_that_was_sent_is_never_taken_for_now(own: dict[str, int], cast: Cast, browse: Any) -> None:
    """The clock is the server's: a rating saved, or a point kept, stands at the moment at which it came."""
    browse(cast.kevin, at=NOW).post("/me/talk/points", {"text": "Words", "added_at": THEN, "at": THEN, "by": NUMBER})
    kept = db.session.scalars(select(TalkPoint).where(TalkPoint.text == "Words")).one()
    assert (kept.added_at, kept.person_id, kept.done_at) == (datetime(2026, 11, 18, 9, tzinfo=UTC), cast.kevin.id, None)
